import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupError } from "./errors.mjs";
import { isExecutable, onPath } from "./places.mjs";
import { mustRun } from "./run.mjs";
import { atLeast } from "./versions.mjs";

/** Holds go.mod and go.sum: the CLI's modules with their checksums. */
const moduleDirectory = fileURLToPath(new URL("pulumi-cli", import.meta.url));
const minimumGo = "1.25";
const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Builds the Pulumi CLI from the Go module proxy: about 6 minutes on two cores, 110 MB.
 *
 * @param {string} version the one in go.mod, such as "v3.250.0"
 * @param {string} program where it is put, whole or not at all
 * @param {string} why a sentence that says why it is built
 * @param {import("./report.mjs").Note} note
 * @throws {SetupError} where there is no Go, or the build fails
 */
export async function buildPulumi(version, program, why, note) {
  const go = await findGo(why);
  const partial = `${program}.${process.pid}`;
  mkdirSync(dirname(program), { recursive: true });
  const what = `building ${version} with Go, once, about 6 minutes (${why})`;
  note(what);
  let packages = 0;
  const flags = `-s -w -X ${versionVariable}=${version}`;
  try {
    await mustRun(go, ["build", "-v", "-trimpath", "-ldflags", flags, "-o", partial, cliPackage], {
      cwd: moduleDirectory,
      line: () => note(what, `${++packages} steps done`),
      advice:
        "Check that the Go module proxy can be reached, or install Pulumi by hand, then run this again.",
    });
    renameSync(partial, program);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** @param {string} why */
async function findGo(why) {
  const standard = "/usr/local/go/bin/go";
  const go = onPath("go") ?? (isExecutable(standard) ? standard : undefined);
  const advice = `install Pulumi 3.200 or newer, or Go ${minimumGo} or newer to build it, then run this again.`;
  if (go === undefined)
    throw new SetupError(`Pulumi is missing, ${why}, and there is no Go to build it: ${advice}`);
  const version = await mustRun(go, ["env", "GOVERSION"], {
    advice: "Repair or reinstall Go, then run this again.",
  });
  if (!atLeast(version, minimumGo)) {
    throw new SetupError(
      `Pulumi is missing, ${why}, and ${go} is ${version.trim()}, too old to build it: ${advice}`,
    );
  }
  return go;
}
