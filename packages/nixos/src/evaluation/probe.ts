import { evaluateJson, isExpression, NixCommandError, type Path, type PinInUse, print } from "@firn/nix";
import type { EvaluationFailure } from "./explain.js";
import { loadExpression, NIX_FILES, nixString } from "./nodes.js";
import type { Rendered } from "./rendered.js";

/** What a probe of `nix/probe.nix` found out about one machine's failure. */
export interface Findings {
  /** Places of the values that are to blame. */
  readonly blamed: readonly { readonly file: string; readonly path: Path }[];
  /** Files that declare the failed assertions. */
  readonly assertedIn: readonly string[];
}

/** How Nix is to read the network again. */
export interface ProbeRequest {
  readonly directory: string;
  readonly allow: readonly string[];
  readonly allowUris: readonly string[];
  readonly pins: ReadonlyMap<string, PinInUse>;
}

interface Probe {
  readonly question: Readonly<Record<string, unknown>>;
  readonly read: (answer: readonly unknown[]) => Partial<Findings>;
}

/**
 * Asks Nix, once for all failed machines, what their errors do not tell by themselves: which assertion failed, and which
 * package is refused.
 */
export async function probeFailures(
  failures: readonly EvaluationFailure[],
  request: ProbeRequest,
  renderedOf: (machine: string) => readonly Rendered[],
): Promise<ReadonlyMap<string, Findings>> {
  const probes = failures.flatMap((failure) =>
    probesFor(failure, renderedOf(failure.machine)).map((probe) => ({ machine: failure.machine, probe })),
  );
  if (probes.length === 0) return new Map();
  const questions = probes.map(({ machine, probe }) => ({ machine, ...probe.question }));
  try {
    const answers = (await evaluateJson(
      `import (/. + ${nixString(`${NIX_FILES}/probe.nix`)}) {
        nodes = ${loadExpression(request)};
        probes = ${print(questions)};
      }`,
      { allow: [request.directory, NIX_FILES, ...request.allow], allowUris: request.allowUris },
    )) as unknown[][];
    const findings = new Map<string, Findings>();
    probes.forEach(({ machine, probe }, index) => {
      const known = findings.get(machine);
      const found = probe.read(answers[index] ?? []);
      const blamed = [...(known?.blamed ?? []), ...(found.blamed ?? [])];
      const assertedIn = [...(known?.assertedIn ?? []), ...(found.assertedIn ?? [])];
      findings.set(machine, { blamed, assertedIn });
    });
    return findings;
  } catch (error) {
    // The error that is to be told matters more than what could be found out about it.
    if (error instanceof NixCommandError) return new Map();
    throw error;
  }
}

function probesFor(failure: EvaluationFailure, rendered: readonly Rendered[]): Probe[] {
  if (/refusing to evaluate/i.test(failure.reason)) return rendered.flatMap(packagesProbe);
  if (/Failed assertions/.test(failure.reason)) return [assertionsProbe(rendered)];
  return [];
}

function packagesProbe({ path: file, lines }: Rendered): Probe[] {
  const paths = lines.filter((each) => isExpression(each.value)).map((each) => each.path);
  if (paths.length === 0) return [];
  return [
    {
      question: { kind: "packages", file, paths },
      read: (indices) => ({ blamed: indices.map((index) => ({ file, path: paths[index as number] ?? [] })) }),
    },
  ];
}

function assertionsProbe(rendered: readonly Rendered[]): Probe {
  return {
    question: { kind: "assertions" },
    read(answer) {
      const failed = answer as { file: string; message: string }[];
      const blamed = failed.flatMap(({ file, message }) =>
        (rendered.find((each) => each.path === file)?.lines ?? [])
          .filter(
            ({ path, value }) =>
              path.length === 2 &&
              path[0] === "assertions" &&
              (value as { message?: unknown } | null)?.message === message,
          )
          .map(({ path }) => ({ file, path })),
      );
      return { blamed, assertedIn: failed.map((each) => each.file) };
    },
  };
}
