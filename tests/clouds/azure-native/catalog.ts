/** What can be had of Azure, as far as tests need it (learn.microsoft.com/azure/virtual-machines/sizes, …/linux/cli-ps-findimage). */

export interface Size {
  readonly architecture: "x64" | "Arm64";
  readonly maxDataDisks: number;
}

export const SIZES: Readonly<Record<string, Size>> = {
  Standard_B2ms: { architecture: "x64", maxDataDisks: 4 },
  Standard_B2s: { architecture: "x64", maxDataDisks: 4 },
  Standard_D2ps_v5: { architecture: "Arm64", maxDataDisks: 4 },
};

export const LOCATIONS = ["eastus", "northeurope", "westeurope"];

/** Offers and SKUs of the marketplace, and their architecture. */
export const IMAGES: Readonly<Record<string, Size["architecture"]>> = {
  "Canonical:ubuntu-24_04-lts:server": "x64",
  "Canonical:ubuntu-24_04-lts:server-arm64": "Arm64",
  "Debian:debian-13:13-gen2": "x64",
};
