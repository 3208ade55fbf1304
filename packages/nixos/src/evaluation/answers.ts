import { evaluateJson, lastError, NixCommandError, type PinInUse } from "@firn/nix";
import { type EvaluationFailure, explainEvaluation } from "./explain.js";
import { loadExpression, NIX_FILES, nixString } from "./nodes.js";

/** One option of one machine. */
export interface Query {
  readonly machine: string;
  readonly path: readonly string[];
  /** Only these attributes of the value, which is a set then. */
  readonly attributes?: readonly string[] | undefined;
}

export interface Answer {
  readonly value: unknown;
  /** Option paths of values that the answer depends on and that are not known before provisioning. */
  readonly dependsOn: readonly string[];
}

export interface AnswersRequest {
  readonly directory: string;
  readonly allow: readonly string[];
  readonly allowUris: readonly string[];
  readonly pins: ReadonlyMap<string, PinInUse>;
  readonly queries: readonly Query[];
}

/** An option could not be evaluated. */
export class QueryError extends Error {
  constructor(readonly failure: EvaluationFailure) {
    super(failure.reason);
  }
}

/**
 * Evaluates single options of machines in one Nix process, and tells which of them depend on what is not known yet.
 *
 * @throws {@link QueryError}
 */
export async function answerQueries(request: AnswersRequest): Promise<Answer[]> {
  const dependsOn: string[][] = request.queries.map(() => []);
  let current = -1;
  const list = (names: readonly string[]) => `[ ${names.map(nixString).join(" ")} ]`;
  const queries = request.queries.map(
    ({ machine, path, attributes }) =>
      `{ machine = ${nixString(machine)}; path = ${list(path)}; attributes = ${attributes ? list(attributes) : "null"}; }`,
  );
  try {
    const values = (await evaluateJson(
      `import (/. + ${nixString(`${NIX_FILES}/answers.nix`)}) {
        load = _: ${loadExpression(request)};
        queries = [ ${queries.join(" ")} ];
      }`,
      {
        allow: [request.directory, NIX_FILES, ...request.allow],
        allowUris: request.allowUris,
        showTrace: true,
        onLine(line) {
          const query = /^trace: firn: query (\d+)$/.exec(line);
          if (query) current = Number(query[1]);
          const unknown = /^trace: firn: unknown (.*)$/.exec(line);
          if (unknown?.[1]) dependsOn[current]?.push(unknown[1]);
        },
      },
    )) as unknown[];
    return values.map((value, index) => ({ value, dependsOn: dependsOn[index] ?? [] }));
  } catch (error) {
    if (!(error instanceof NixCommandError) || error.stderr === "") throw error;
    const failure = explainEvaluation(
      error.stderr,
      request.queries.map((query) => query.machine),
    );
    if (failure) throw new QueryError(failure);
    throw new NixCommandError(`an option could not be evaluated: ${lastError(error.stderr)}`);
  }
}
