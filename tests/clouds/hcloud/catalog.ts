/** What can be had of Hetzner, as far as tests need it (docs.hetzner.com/cloud/servers/overview, …/general/locations). */

export interface ServerType {
  readonly architecture: "x86" | "arm";
  /** GB */
  readonly disk: number;
  /** Network zones where it is offered. */
  readonly zones: readonly string[];
}

const EVERYWHERE = ["eu-central", "us-east", "us-west", "ap-southeast"];
const EUROPE = ["eu-central"];

export const SERVER_TYPES: Readonly<Record<string, ServerType>> = {
  cax11: { architecture: "arm", disk: 40, zones: EUROPE },
  cax21: { architecture: "arm", disk: 80, zones: EUROPE },
  ccx13: { architecture: "x86", disk: 80, zones: EVERYWHERE },
  ccx23: { architecture: "x86", disk: 160, zones: EVERYWHERE },
  cpx11: { architecture: "x86", disk: 40, zones: EVERYWHERE },
  cpx21: { architecture: "x86", disk: 80, zones: EVERYWHERE },
  cx23: { architecture: "x86", disk: 40, zones: EUROPE },
  cx33: { architecture: "x86", disk: 80, zones: EUROPE },
};

export const LOCATIONS: Readonly<Record<string, string>> = {
  ash: "us-east",
  fsn1: "eu-central",
  hel1: "eu-central",
  hil: "us-west",
  nbg1: "eu-central",
  sin: "ap-southeast",
};

/** Names of official images; a snapshot is named by its number. */
export const IMAGES = ["debian-12", "debian-13", "ubuntu-24.04"];
