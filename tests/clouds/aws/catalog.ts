/** What can be had of EC2, as far as tests need it (docs.aws.amazon.com, "Amazon EC2 instance types"). */

/** Architectures of instance types. */
export const INSTANCE_TYPES: Readonly<Record<string, "x86_64" | "arm64">> = {
  "m7i.large": "x86_64",
  "t2.micro": "x86_64",
  "t3.micro": "x86_64",
  "t3.small": "x86_64",
  "t4g.small": "arm64",
};

/** Region of a provider that is told of none. */
export const HOME = "eu-central-1";

/** Letters of the availability zones of regions. */
export const ZONES: Readonly<Record<string, string>> = { "eu-central-1": "abc", "us-east-1": "abcdef" };

/** Images of the NixOS project; each region has them under other ids. */
export interface Image {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly architecture: "x86_64" | "arm64";
  readonly region: string;
  /** GB */
  readonly size: number;
}

export const IMAGES: readonly Image[] = Object.keys(ZONES).flatMap((region, index) =>
  [
    { release: "26.05.9876.0123abcd", number: 2 },
    { release: "26.05.1234.4567cdef", number: 1 },
    { release: "25.11.5555.89abcdef", number: 3 },
  ].flatMap(({ release, number }) =>
    (["x86_64", "arm64"] as const).map((architecture) => ({
      id: `ami-0${index}${number}${architecture === "arm64" ? "a" : "b"}${"0".repeat(13)}`,
      name: `nixos/${release}-${architecture === "arm64" ? "aarch64" : "x86_64"}-linux`,
      owner: "427812963091",
      architecture,
      region,
      size: 5,
    })),
  ),
);

export function regionOf(inputs: Readonly<Record<string, unknown>>): string {
  return String(inputs.region ?? HOME);
}
