import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../lab/probe.js";
import { type Moto, startMoto } from "./moto.js";
import { Project } from "./project.js";

/** docs/how-to/state.md: one run at a time, wherever the state lies. */
let moto: Moto;
const projects: Project[] = [];

beforeAll(async () => {
  moto = await startMoto();
  const made = await fetch(`${moto.url}/states`, { method: "PUT" });
  expect(made.status).toBe(200);
});
afterAll(async () => {
  for (const project of projects) await project.dispose();
  moto.stop();
});

/** A key pair, which needs no machine; waits where it is told to. */
const PROGRAM = `import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { SshKeyPair } from "@firn/nixos";
export const { publicKey } = new SshKeyPair("key", { comment: "state" });
if (process.env.FIRN_TEST_WAIT) {
  writeFileSync("waits", "");
  await sleep(300_000);
}
`;

/** A backend's URL, and the names of the locks that lie in it. */
const backends = {
  file: (project: Project) => {
    const directory = join(project.directory, "backend");
    const files = () => readdirSync(directory, { recursive: true }).map(String);
    return {
      url: `file://${directory}`,
      locks: async () => files().filter((name) => /locks\/.*\.json$/.test(name)),
    };
  },
  s3: () => ({
    url: `s3://states?endpoint=${moto.url}&s3ForcePathStyle=true&region=us-east-1`,
    locks: async () => {
      const listed = await (await fetch(`${moto.url}/states?list-type=2&prefix=.pulumi/locks`)).text();
      return [...listed.matchAll(/<Key>(.*?\.json)<\/Key>/g)].map((match) => match[1]);
    },
  }),
};

test.concurrent.each(["file", "s3"] as const)(
  "%s: one run at a time, also after one was killed",
  async (kind) => {
    const project = new Project(`state-${kind}`);
    projects.push(project);
    const { url, locks } = backends[kind](project);
    project.setEnvironment("PULUMI_BACKEND_URL", url);
    project.setEnvironment("AWS_ACCESS_KEY_ID", "test");
    project.setEnvironment("AWS_SECRET_ACCESS_KEY", "test");
    project.write("index.ts", PROGRAM);
    await project.init();

    const args = ["--non-interactive", "--color", "never", "up", "--yes", "--skip-preview"];
    const first = project.start("pulumi", args, { FIRN_TEST_WAIT: "1" });
    await eventually(async () => expect(existsSync(join(project.directory, "waits"))).toBe(true));
    const second = await project.up();
    expect(second.exitCode).not.toBe(0);
    expect(second.output).toContain("the stack is currently locked by 1 lock(s)");

    const read = await project.pulumi("stack", "export");
    expect(read.exitCode, read.output).toBe(0);

    process.kill(-first.pid, "SIGKILL");
    await first.result;
    expect(await locks()).toHaveLength(1);
    const cancelled = await project.pulumi("cancel", "--yes");
    expect(cancelled.exitCode, cancelled.output).toBe(0);
    const up = await project.up();
    expect(up.exitCode, up.output).toBe(0);
    expect(await locks()).toEqual([]);
    const [, , pair] = await project.resources();
    expect(pair?.outputs?.publicKey).toMatch(/^ssh-ed25519 /);
    expect(JSON.stringify(pair)).not.toContain("PRIVATE KEY");
  },
);
