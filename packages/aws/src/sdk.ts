import { createRequire } from "node:module";

/** The parts of the SDK that a machine is made with; their types are all that importing this package takes of it. */
export interface Aws {
  readonly ebs: typeof import("@pulumi/aws/ebs/index.js");
  readonly ec2: typeof import("@pulumi/aws/ec2/index.js");
  readonly route53: typeof import("@pulumi/aws/route53/index.js");
}

/** Loads them, and nothing of the 250 other services: only a program that makes a machine on EC2 does. */
export function sdk(): Aws {
  const load = createRequire(import.meta.url);
  return {
    ebs: load("@pulumi/aws/ebs/index.js"),
    ec2: load("@pulumi/aws/ec2/index.js"),
    route53: load("@pulumi/aws/route53/index.js"),
  };
}
