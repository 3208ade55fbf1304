import { dirname, join } from "node:path";
import { FirnError } from "./errors.js";
import { type Answer, answerQueries, type Query, QueryError } from "./evaluation/answers.js";
import { digest } from "./evaluation/cache.js";
import { type NetworkEvaluationRequest, prepareNetwork, renderedDirectory } from "./evaluation/network.js";
import { UNKNOWN_REASON } from "./evaluation/unknown.js";

/**
 * Answers what programs ask of machines' evaluated options, before the machines exist: a firewall in the cloud may
 * follow `networking.firewall.allowedTCPPorts`.
 */
export class OptionQueries {
  private readonly asked: Query[] = [];
  private answers: Promise<readonly Answer[]> | undefined;

  /** @param describe gives the network with everything that needs no resource; called once */
  constructor(private readonly describe: () => Promise<NetworkEvaluationRequest>) {}

  /**
   * @returns the option's value
   * @throws a `RunError` that names what the value depends on, when that is known after provisioning only
   */
  async ask(query: Query): Promise<unknown> {
    const index = this.asked.push(query) - 1;
    this.answers ??= new Promise((resolve) => setImmediate(resolve)).then(() => this.answer());
    const answer = (await this.answers)[index];
    if (answer === undefined)
      throw new FirnError(
        `option() was called too late for ${describe(query)}: ask before the first \`await\`.`,
      );
    if (answer.dependsOn.length > 0)
      throw new FirnError(
        `${describe(query)} depends on ${[...new Set(answer.dependsOn)].join(", ")}, which is only known after provisioning. ` +
          "option() gives what can be told before: take the value from where your program has it.",
      );
    return answer.value;
  }

  private async answer(): Promise<readonly Answer[]> {
    const queries = [...this.asked];
    const request = await this.describe();
    const rendered = renderedDirectory(request.root, request.stack, request.name);
    const prepared = await prepareNetwork(request, join(dirname(rendered), `${request.name}.options`));
    const key = digest("options", prepared.network, JSON.stringify(queries));
    const known = prepared.cache.getAnswers(key);
    if (known) return known;
    try {
      const answers = await answerQueries({ ...prepared, queries });
      if ((await prepared.again())?.network === prepared.network) prepared.cache.putAnswers(key, answers);
      return answers;
    } catch (error) {
      if (error instanceof QueryError) {
        const unknown = new RegExp(`${UNKNOWN_REASON}: (.*)`).exec(error.message)?.[1];
        throw new FirnError(
          unknown === undefined
            ? `machine "${error.failure.machine}": ${error.message}`
            : `option() of machine "${error.failure.machine}" depends on ${unknown}, which is only known after provisioning.`,
        );
      }
      throw error;
    }
  }
}

function describe(query: Query): string {
  return `option ${query.path.join(".")} of machine "${query.machine}"`;
}
