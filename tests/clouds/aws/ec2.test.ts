import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../../e2e/project.js";
import { containerOf } from "../../lab/lab.js";
import type { Account } from "../plugin/account.js";
import { useStandIns } from "../stand-ins.js";
import { account } from "./account.js";
import { IMAGES } from "./catalog.js";

/** What is EC2's own, beyond the suite of behaviours. */
const project = new Project("ec2");
let aws: Account;

const image = (number: number) =>
  IMAGES.filter((each) => each.architecture === "x86_64" && each.region === "eu-central-1")[number]?.id;
const program = (args: string, before = "", machine = "") =>
  project.program(`import { ec2 } from "@firn/aws";
import * as aws from "@pulumi/aws";
${before}
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05" });
net.machine("db", { target: ec2({ region: "eu-central-1", ${args} }), ${machine} });
`);
const succeeded = async (result: ReturnType<Project["up"]>) => {
  const { exitCode, output } = await result;
  expect(exitCode, output).toBe(0);
  return output;
};
const only = (kind: string) => {
  const [found, ...others] = aws.cloud.list(kind);
  expect(others).toEqual([]);
  return found as NonNullable<typeof found>;
};
const inside = async (...argv: string[]) =>
  (await containerOf(only("Instance").hidden.machine ?? "").exec(argv)).trim();

beforeAll(async () => {
  aws = account(useStandIns(project, ["aws"]));
  await project.init();
});
afterAll(() => project.dispose());

const volumes = `volumes: { data: { size: 1, mountPoint: "/srv/data", fsType: "btrfs" } }`;

test("a volume goes from the instance that is replaced to the next one, which is made after it", async () => {
  program(`instanceType: "t3.micro", ami: "${image(1)}", ${volumes}`);
  await succeeded(project.up());
  await inside("sh", "-c", "echo kept > /srv/data/file");
  const before = only("Instance").id;
  program(`instanceType: "t3.micro", ami: "${image(0)}", ${volumes}`);
  const preview = await succeeded(project.preview());
  expect(preview).toMatch(/:Instance: \(replace\)/);
  // EC2 does not let go of a volume that is mounted.
  await succeeded(project.up());
  expect(only("Instance").id).not.toBe(before);
  expect(await inside("cat", "/srv/data/file")).toBe("kept");
});

test("a volume that leaves the program is unmounted before it is detached, and the instance runs on", async () => {
  const boot = containerOf(only("Instance").hidden.machine ?? "").bootId();
  program(`instanceType: "t3.micro", ami: "${image(0)}"`);
  await succeeded(project.up());
  expect(aws.cloud.list("Volume")).toEqual([]);
  expect(containerOf(only("Instance").hidden.machine ?? "").bootId()).toBe(boot);
});

test("an Elastic IP address, names in both directions, protection from deletion: in place", async () => {
  const id = only("Instance").id;
  const reached = (isProtected: boolean) =>
    [
      `instanceType: "t3.micro", ami: "${image(0)}", disableApiTermination: ${isProtected}, elasticIp: address,
    dns: { zoneId: zone.zoneId, name: "db.shop.example" }, rdns: "db.shop.example"`,
      `const address = new aws.ec2.Eip("db", { domain: "vpc", region: "eu-central-1" });
const zone = new aws.route53.Zone("shop", { name: "shop.example" });`,
      // What leads nowhere here is not deployed to.
      `goal: "build",`,
    ] as const;
  program(...reached(true));
  await succeeded(project.up());
  expect(only("Instance").id).toBe(id);
  const { publicIp } = only("Eip").outputs;
  const records = aws.cloud.list("Record").map(({ inputs }) => [inputs.type, inputs.records]);
  expect(records.sort()).toEqual([
    ["A", [publicIp]],
    ["AAAA", only("Instance").outputs.ipv6Addresses],
  ]);
  expect(only("EipDomainName").outputs.ptrRecord).toBe("db.shop.example.");
  const destroyed = await project.destroy();
  expect(destroyed.output).toContain("may not be terminated. Modify its 'disableApiTermination'");
  program(...reached(false));
  await succeeded(project.up());
  expect(only("Instance").id).toBe(id);
});

test("another architecture, and a resize of a spot instance, are another instance; a stop can be refused", async () => {
  program(`instanceType: "t3.small", ami: "${image(0)}", stop: "never"`, "", `goal: "build",`);
  expect((await project.preview()).output).toContain(
    "a change of instanceType (t3.micro to t3.small) would switch it off",
  );
  program(`instanceType: "t4g.small", ami: "${image(0)}"`, "", `goal: "build",`);
  expect(await succeeded(project.preview())).toMatch(/:Instance: \(replace\)[\s\S]*instanceType/);
  program(`instanceType: "t3.small", ami: "${image(0)}", spot: true`, "", `goal: "build",`);
  expect(await succeeded(project.preview())).toMatch(/:Instance: \(replace\)/);
});
