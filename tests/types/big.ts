/** A module with `services × 60` options, shaped like NixOS' services. */
export function bigModule(services: number): string {
  return `{ lib, ... }:
let
  inherit (lib) mkOption types;
  named = count: make: builtins.listToAttrs (builtins.genList (n: { name = "option\${toString n}"; value = make n; }) count);
  kinds = [ types.bool types.str types.port (types.nullOr types.path) (types.enum [ "a" "b" ]) (types.listOf types.str) ];
  plain = service: n: mkOption {
    type = builtins.elemAt kinds (lib.mod n 6);
    default = null;
    description = "Option \${toString n} of service \${toString service}.";
  };
  service = s: named 40 (plain s) // {
    hosts = mkOption { type = types.attrsOf (types.submodule { options = named 19 (plain s); }); default = { }; description = "Hosts."; };
  };
in {
  options.big = builtins.listToAttrs (builtins.genList (s: { name = "service\${toString s}"; value = service s; }) ${services});
}`;
}

/** A program with many machines that use options of {@link bigModule}. */
export function bigProgram(machines: number): string {
  const one = (n: number) => `export const machine${n}: MachineConfig = { big: {
  service${n}: { option0: true, option1: "x", option2: ${n}, option4: "a", option5: ["a", lib.mkForce("b")],
    hosts: { web: { option0: false, option2: 80 } } },
  service${n + 50}: lib.mkIf(config.big.service0.option0, { option3: null }),
} };`;
  return `import { config, lib, type MachineConfig } from "@firn/nixos";
${Array.from({ length: machines }, (_, n) => one(n)).join("\n")}
`;
}
