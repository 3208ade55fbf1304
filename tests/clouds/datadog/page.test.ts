import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { Project } from "../../e2e/project.js";
import { joinSnippets, readPage } from "../../e2e/typescript/page.js";
import { containerOf } from "../../lab/lab.js";
import { NIXPKGS } from "../../mini-nixos/evaluate.js";
import { useStandIns } from "../stand-ins.js";
import { account } from "./account.js";

/** docs/how-to/datadog.md, run as it stands; its nixpkgs is the miniature. */
const page = readPage(fileURLToPath(new URL("../../../docs/how-to/datadog.md", import.meta.url)));
const project = new Project("datadog");
const KEY = "canary-of-datadog";
afterAll(() => project.dispose());

test("the agent has its key, its name and its checks on every machine; monitors go with the machines", async () => {
  const { cloud } = account(useStandIns(project, ["datadog"]));
  const source = joinSnippets(page.snippets).replace('{ flake: "." }', JSON.stringify({ path: NIXPKGS }));
  project.write("index.ts", source);
  await project.init();
  await project.setSecret("datadogApiKey", KEY);
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);

  const machines = (await project.resources()).filter(({ type }) => type.endsWith("firn:Container"));
  const web = containerOf(machines.find(({ urn }) => urn.endsWith("net-web"))?.id ?? "");
  const inside = (...argv: string[]) => web.exec(argv);
  expect(await inside("stat", "-c", "%U %a", "/run/keys/datadog-api-key")).toBe("datadog 400\n");
  const digest = createHash("sha256").update(`${KEY}\n`).digest("hex");
  expect(await inside("cat", "/var/log/datadog/key")).toContain(digest);
  expect(JSON.parse(await inside("cat", "/etc/datadog-agent/datadog.yaml"))).toEqual({
    hostname: "web.dev.datadog",
    site: "datadoghq.eu",
    tags: ["firn-stack:dev", "firn-project:datadog", "team:web"],
  });
  expect(JSON.parse(await inside("cat", "/etc/datadog-agent/conf.d/systemd.d/conf.yaml"))).toEqual({
    init_config: {},
    instances: [{ unit_names: ["sshd.service"] }],
  });
  expect(JSON.stringify(await project.resources())).not.toContain(KEY);

  const queries = () =>
    cloud
      .list("Monitor")
      .map(({ inputs }) => String(inputs.query))
      .sort();
  expect(queries()).toEqual(
    ["cache", "db", "web"]
      .flatMap((name) => [
        `"datadog.agent.up".over("host:${name}.dev.datadog").by("host").last(2).count_by_status()`,
        `"systemd.unit.state".over("host:${name}.dev.datadog","unit:sshd.service").by("host").last(2).count_by_status()`,
      ])
      .sort(),
  );

  project.write("index.ts", source.replace('["web", "db"]', '["web"]'));
  const smaller = await project.up();
  expect(smaller.exitCode, smaller.output).toBe(0);
  expect(queries().every((query) => !query.includes("db.dev.datadog"))).toBe(true);
});
