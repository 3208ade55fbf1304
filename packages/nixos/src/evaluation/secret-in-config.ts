import { type Path, showPath } from "@firn/nix";
import { FirnError } from "../errors.js";

/** Options whose names say nothing of what they hold: `environment.etc.NAME.text`. */
const NAMELESS = new Set(["text", "value", "source", "content", "script", "environment"]);

/** A secret stood in a machine's configuration, which ends in the world-readable Nix store. */
export class SecretInConfigError extends FirnError {
  constructor(
    /** Path of the option whose value is a secret. */
    readonly path: Path,
  ) {
    const name = keyName(path);
    super(
      [
        `the option ${showPath(path)} is a secret, and everyone can read what is in a configuration: it ends in the Nix store.`,
        `  Give it to the machine as a key, with the same output as \`secret\`:`,
        `      keys: { ${JSON.stringify(name)}: { text: secret } },`,
        `  and name its file, /run/keys/${name}, in an option that takes one: they often end in "File". See docs/how-to/secrets.md.`,
      ].join("\n"),
    );
  }
}

function keyName(option: Path): string {
  const names = option.filter((part): part is string => typeof part === "string");
  const telling = names.findLast((part) => !NAMELESS.has(part)) ?? "secret";
  return (
    telling
      .replace(/[^A-Za-z0-9_-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 80) || "secret"
  );
}
