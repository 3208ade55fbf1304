import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { evaluateJson } from "@firn/nix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environment } from "../../tools/setup/env.mjs";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import { TypedProject } from "./project.js";

const CLI = resolve(import.meta.dirname, "../../packages/cli/dist/main.js");
const NIX = new URL("../../packages/nix/dist/index.js", import.meta.url).href;

/** A configuration as people have them. */
const CONFIGURATION = `# The shop's web server.
{ config, pkgs, lib, ... }:
with lib;
let
  port = 8080;
  domain = "shop.example";
in {
  imports = [ ./disk.nix ];

  boot.isContainer = true;
  boot.loader.initScript.enable = true;
  system.stateVersion = "26.05";

  networking = {
    hostName = "web";
    domain = mkForce domain;
    firewall.allowedTCPPorts = [ 22 port ]; # ssh and the shop
  };

  services.miniweb = { enable = true; inherit port; };

  environment.systemPackages = with pkgs; [ hello ];
  environment.etc."greeting".text = ''
    Welcome to \${domain},
      on \${toString port} with \${pkgs.hello}.
  '';
  environment.etc.names.text = concatMapStringsSep "\\n" (name: "\${name}.\${domain}") [ "a" "b" ];
  systemd.services.greet = mkIf config.services.miniweb.enable {
    script = "\${pkgs.hello}/bin/hello";
    wantedBy = [ "multi-user.target" ];
  };
}
`;

const project = new TypedProject();
const run = promisify(execFile);
let text = "";
let said = "";

beforeAll(async () => {
  Object.assign(process.env, environment());
  project.write("configuration.nix", CONFIGURATION);
  project.write("disk.nix", '{ environment.etc.disk.text = "one"; }\n');
  await project.types();
  const result = await run(process.execPath, [CLI, "import", "--name", "web", "configuration.nix"], {
    cwd: project.directory,
  });
  ({ stdout: text, stderr: said } = result);
  project.write("machine.ts", text);
});
afterAll(() => project.remove());

test("the program compiles with the types of the project", async () => {
  expect(await project.compile(["machine.ts", "nixos-options.d.ts"])).toBe("");
});

test("what stayed Nix is told, with line and reason", () => {
  expect(said).toMatch(/^configuration\.nix:\d+: kept as nix`…` because of `toString`$/m);
  expect(said).toMatch(/^configuration\.nix:\d+: kept as nix`…` because of a function$/m);
  expect(said.trim().split("\n").length).toBe(2);
});

test("the machine is the same system", async () => {
  project.write(
    "print.ts",
    `import { machine } from "./machine.js";
import { printModule } from ${JSON.stringify(NIX)};
console.log(JSON.stringify({ text: printModule(machine.config as never), modules: machine.modules }));`,
  );
  const printed = await run(process.execPath, ["--import", "tsx", "print.ts"], { cwd: project.directory });
  const machine = JSON.parse(printed.stdout) as { text: string; modules: string[] };
  project.write("rendered.nix", machine.text);
  const system = (modules: readonly string[]) =>
    evaluateJson(
      `(import (/. + ${JSON.stringify(`${NIXPKGS}/nixos/lib/eval-config.nix`)}) {
        system = "x86_64-linux";
        modules = [ ${modules.map((name) => `(/. + ${JSON.stringify(join(project.directory, name))})`).join(" ")} ];
      }).config.system.build.toplevel.drvPath`,
      { allow: [NIXPKGS, project.directory] },
    );
  expect(machine.modules).toEqual(["./disk.nix"]);
  const imported = await system([...machine.modules, "rendered.nix"]);
  expect(imported).toBe(await system(["configuration.nix"]));
  expect(imported).toMatch(/\.drv$/);
});
