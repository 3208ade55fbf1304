import { spawn } from "node:child_process";

/** What a stack keeps of one resource; secrets are in plain text. */
export interface DeployedResource {
  readonly urn: string;
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Reads the resources of a stack with `pulumi stack export`. Secrets come in plain text and stay in this process.
 *
 * @param root directory of Pulumi.yaml
 * @param stack default: the one that is selected
 * @throws when Pulumi cannot read the stack, which it says itself
 */
export async function exportStack(root: string, stack: string | undefined): Promise<DeployedResource[]> {
  const args = ["stack", "export", "--show-secrets", ...(stack === undefined ? [] : ["--stack", stack])];
  const { deployment } = JSON.parse(await pulumi(args, root)) as {
    deployment: { resources?: { urn: string; type: string; outputs?: Record<string, unknown> }[] };
  };
  return (deployment.resources ?? []).map(({ urn, type, outputs = {} }) => ({
    urn,
    type,
    outputs: withPlainSecrets(outputs) as Record<string, unknown>,
  }));
}

/** Pulumi asks for a passphrase and tells its errors on the terminal. */
function pulumi(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, { cwd, stdio: ["inherit", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          error.code === "ENOENT" ? "there is no `pulumi` on PATH. Install it first." : error.message,
        ),
      ),
    );
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString("utf8"));
      else reject(new Error(`\`pulumi ${args.slice(0, 2).join(" ")}\` exited with ${code}; see above.`));
    });
  });
}

/** How Pulumi marks a secret in an exported state (sdk/go/common/resource/sig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function withPlainSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlainSecrets);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (object[SIGNATURE] === SECRET)
    return typeof object.plaintext === "string" ? withPlainSecrets(JSON.parse(object.plaintext)) : undefined;
  return Object.fromEntries(Object.entries(object).map(([name, each]) => [name, withPlainSecrets(each)]));
}
