/** What can be had of Google Cloud, as far as tests need it (cloud.google.com/compute/docs/machine-resource, …/regions-zones). */

export const MACHINE_TYPES: Readonly<Record<string, "X86_64" | "ARM64">> = {
  "c4a-standard-1": "ARM64",
  "e2-medium": "X86_64",
  "e2-small": "X86_64",
  "t2a-standard-1": "ARM64",
};

/** Series that are offered in some zones only. */
export const ZONES: Readonly<Record<string, readonly string[]>> = {
  "europe-west3-a": ["e2"],
  "europe-west3-b": ["c4a", "e2"],
  "us-east1-b": ["e2"],
  "us-central1-a": ["c4a", "e2", "t2a"],
};

/** Families of public images, as the provider takes them, and their architecture. */
export const IMAGES: Readonly<Record<string, "X86_64" | "ARM64">> = {
  "debian-cloud/debian-13": "X86_64",
  "ubuntu-os-cloud/ubuntu-2404-lts-amd64": "X86_64",
  "ubuntu-os-cloud/ubuntu-2404-lts-arm64": "ARM64",
};

/** The part of a machine type's name that names its series. */
export function seriesOf(machineType: string): string {
  return machineType.split("-")[0] ?? "";
}
