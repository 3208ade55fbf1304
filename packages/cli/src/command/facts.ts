import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { connect, hostFacts } from "@firn/host";
import { printModule } from "@firn/nix";
import { hardwareModule } from "@firn/nixos/operate";
import { type Command, UsageError } from "../command.js";
import { knownHostKey } from "../facts/known-host-key.js";
import { summary } from "../facts/summary.js";

/** `firn facts`: what a host is, asked over ssh in one round trip. */
export const facts: Command = {
  usage: "[--json | --nix] [--user USER] [--port PORT] [--identity FILE] [--host-key KEY] HOST",
  summary: "tells what a host is; --nix: the hardware half of its configuration, as nixos-generate-config",
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        nix: { type: "boolean" },
        user: { type: "string" },
        port: { type: "string" },
        identity: { type: "string" },
        "host-key": { type: "string" },
      },
    });
    const [address, ...others] = positionals;
    if (address === undefined || others.length > 0) throw new UsageError("give one host");
    if (values.json && values.nix) throw new UsageError("--json or --nix, not both");
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
      throw new UsageError(`${values.port} is no port`);
    const hostKey = values["host-key"] ?? (await knownHostKey(address, port));
    if (hostKey === undefined)
      throw new Error(
        `your known_hosts have no key of ${address}, and Firn trusts none that it is shown. \`ssh-keyscan -t ed25519 ${address}\` prints it; compare it with the one on the host's console, and give it as --host-key "ssh-ed25519 …".`,
      );
    const host = await connect({
      name: address,
      address,
      hostKey,
      ...(port === undefined ? {} : { port }),
      ...(values.user === undefined ? {} : { user: values.user }),
      ...(values.identity === undefined ? {} : { identity: readFileSync(values.identity, "utf8") }),
    });
    try {
      const found = await hostFacts(host);
      if (values.json) terminal.out(JSON.stringify(found, null, 2));
      else if (values.nix) terminal.out(printModule(hardwareModule(address, found)).trimEnd());
      else for (const line of summary(found)) terminal.out(line);
    } finally {
      await host.close();
    }
  },
};
