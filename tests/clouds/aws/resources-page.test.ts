import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { Project } from "../../e2e/project.js";
import { joinSnippets, readPage } from "../../e2e/typescript/page.js";
import { containerOf } from "../../lab/lab.js";
import { NIXPKGS } from "../../mini-nixos/evaluate.js";
import { useStandIns } from "../stand-ins.js";
import { account } from "./account.js";

/** docs/how-to/resources-beside-machines.md, run as it stands; its nixpkgs is the miniature. */
const page = readPage(
  fileURLToPath(new URL("../../../docs/how-to/resources-beside-machines.md", import.meta.url)),
);
const project = new Project("resources-page");
afterAll(() => project.dispose());

test("every snippet of the page works, in one run", async () => {
  const { cloud } = account(useStandIns(project, ["aws"]));
  const nixpkgs = JSON.stringify({ path: NIXPKGS });
  project.write("index.ts", joinSnippets(page.snippets).replace('{ flake: "." }', nixpkgs));
  await project.init();
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
  const only = (kind: string) => {
    const [found, ...others] = cloud.list(kind);
    expect(others).toEqual([]);
    return found as NonNullable<typeof found>;
  };
  const instance = (name: string) => {
    const found = cloud
      .list("Instance")
      .find(({ inputs }) => (inputs.tags as Record<string, string>)["firn-machine"] === name);
    return found as NonNullable<typeof found>;
  };
  const inside = async (name: string, ...argv: string[]) =>
    (await containerOf(instance(name).hidden.machine ?? "").exec(argv)).trim();

  // The bucket's name by configuration, its credentials as a key.
  const access = only("AccessKey");
  const bucket = only("Bucket").id;
  expect(await inside("db", "cat", "/run/keys/s3-credentials")).toBe(
    `AWS_ACCESS_KEY_ID=${access.id}\nAWS_SECRET_ACCESS_KEY=${access.outputs.secret}`,
  );
  expect(await inside("db", "cat", "/run/backup")).toBe(`to ${bucket} as ${access.id}`);
  expect(JSON.parse(String(only("UserPolicy").inputs.policy)).Statement[0].Resource).toBe(
    `arn:aws:s3:::${bucket}/*`,
  );
  expect(JSON.stringify(await project.resources())).not.toContain(String(access.outputs.secret));

  // The key pair's key on the machine, beside the stack's own.
  const operators = cloud.list("KeyPair").find(({ inputs }) => inputs.keyName === undefined);
  expect(await inside("web-1", "cat", "/etc/ssh/authorized_keys.d/root")).toContain(
    String(operators?.inputs.publicKey),
  );

  // Those with the tag behind the load balancer, and a record for all.
  const targets = cloud.list("TargetGroupAttachment").map(({ inputs }) => inputs.targetId);
  expect(targets.sort()).toEqual(["web-1", "web-2"].map((name) => instance(name).id).sort());
  expect(only("LoadBalancer").inputs.subnets).toEqual(["subnet-default-eu-central-1"]);
  const records = cloud.list("Record").map(({ inputs }) => [inputs.name, inputs.records]);
  expect(records.sort()).toEqual(
    ["db", "web-1", "web-2"].map((name) => [`${name}.shop.example`, [instance(name).outputs.publicIp]]),
  );
});
