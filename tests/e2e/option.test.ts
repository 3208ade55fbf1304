import { afterAll, expect, test } from "vitest";
import { Project } from "./project.js";

/** Ordinary resources that follow the evaluated configuration of a machine that does not exist yet. */
const project = new Project("option");
afterAll(() => project.dispose());

/** A cloud's firewall and DNS record: anything of the program that is no machine. */
const program = (port: number) => `
class Rule extends pulumi.dynamic.Resource {
  declare readonly ports: pulumi.Output<number[]>;
  constructor(name: string, props: Record<string, pulumi.Input<unknown>>) {
    super({ create: async (inputs) => ({ id: "rule", outs: inputs }), update: async (_id, _old, inputs) => ({ outs: inputs }) }, name, props);
  }
}
class Records extends pulumi.ComponentResource {
  constructor(name: string, domain: pulumi.Input<string>) {
    super("test:index:Records", name);
    new Rule(name + "-record", { record: pulumi.interpolate\`www.\${domain}\` });
  }
}
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
const db = net.machine("db");
const web = net.machine("web", {
  config: {
    services: { miniweb: { enable: true, port: ${port}, upstream: pulumi.interpolate\`http://\${db.privateAddress}/\` } },
    networking: { domain: lib.mkForce(nix\`"example." + "org"\`), firewall: { allowedTCPPorts: [nix\`config.services.miniweb.port\`] } },
  },
});
new Rule("firewall", { ports: web.option("networking.firewall.allowedTCPPorts") });
new Records("dns", web.option<string>("networking.domain"));
`;

test("a preview shows the evaluated values before any machine exists", async () => {
  project.program(program(8080));
  await project.init();
  const preview = await project.preview();
  expect(preview.exitCode, preview.output).toBe(0);
  const firewall = preview.output.slice(preview.output.indexOf("::firewall]"));
  expect(firewall.replace(/\s+/g, " ")).toMatch(/ports *: \[ \[0\]: 22 \[1\]: 8080 \]/);
  expect(preview.output).toMatch(/record *: "www\.example\.org"/);
});

test("a deployment gives them to the resources, and a change of the machine is a change of theirs", async () => {
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  const outputs = async (name: string) =>
    (await project.resources()).find(({ urn }) => urn.endsWith(`::${name}`))?.outputs;
  expect(await outputs("firewall")).toMatchObject({ ports: [22, 8080] });
  expect(await outputs("dns-record")).toMatchObject({ record: "www.example.org" });

  project.program(program(8081));
  const preview = await project.preview();
  expect(preview.output.replace(/\s+/g, " ")).toMatch(/\[1\]: 8080 => 8081/);
  const destroyed = await project.destroy();
  expect(destroyed.exitCode, destroyed.output).toBe(0);
});

test.each([
  [
    "services.miniweb.upstream",
    /option services\.miniweb\.upstream of machine "web" depends on services\.miniweb\.upstream, which is only known after provisioning/,
  ],
  ["networking.fierwall", /machine "web": .*fierwall/],
])("what cannot be told before is an error that says why: %s", async (path, message) => {
  project.program(`${program(8080)}web.option(${JSON.stringify(path)});`);
  const preview = await project.preview();
  expect(preview.exitCode).not.toBe(0);
  expect(preview.output).toMatch(message);
  expect(preview.output).not.toMatch(/\n\s+at .*node_modules/);
});
