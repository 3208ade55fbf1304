import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const SERVER = resolve(import.meta.dirname, "../../node_modules/typescript/lib/tsserver.js");

/** A place in a file; both count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly offset: number;
}

interface Completion {
  readonly name: string;
  readonly sortText: string;
  readonly kindModifiers?: string;
}

/** TypeScript's language server, as editors run it. */
export class TsServer {
  private readonly server: ChildProcess = spawn(
    process.execPath,
    [SERVER, "--disableAutomaticTypingAcquisition"],
    { stdio: ["pipe", "pipe", "ignore"] },
  );
  private readonly waiting = new Map<number, (body: unknown) => void>();
  private sequence = 0;

  constructor() {
    if (this.server.stdout === null) throw new Error("tsserver has no output");
    createInterface(this.server.stdout).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const { request_seq: number, body } = JSON.parse(line) as { request_seq?: number; body?: unknown };
      if (number !== undefined) this.waiting.get(number)?.(body);
    });
  }

  open(file: string): void {
    this.send("open", { file });
  }

  insert(place: Place, text: string): void {
    this.send("change", { ...place, endLine: place.line, endOffset: place.offset, insertString: text });
  }

  /** What an editor offers at a place, in the order in which it shows it. */
  async complete(place: Place): Promise<Completion[]> {
    const body = (await this.request("completionInfo", place)) as { entries?: Completion[] } | undefined;
    const key = (entry: Completion) => `${entry.sortText} ${entry.name}`;
    return (body?.entries ?? []).toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  /** What an editor shows over a name. */
  async hover(place: Place): Promise<string> {
    const body = (await this.request("quickinfo", place)) as
      | { displayString: string; documentation: string; tags: { name: string; text?: string }[] }
      | undefined;
    const tags = body?.tags.map(({ name, text }) => `@${name} ${text ?? ""}`.trimEnd()) ?? [];
    return [body?.displayString, body?.documentation, ...tags].join("\n");
  }

  close(): void {
    this.server.kill();
  }

  private request(command: string, args: object): Promise<unknown> {
    const number = this.send(command, args);
    return new Promise((done) => {
      this.waiting.set(number, done);
    });
  }

  private send(command: string, args: object): number {
    this.sequence += 1;
    const message = { seq: this.sequence, type: "request", command, arguments: args };
    this.server.stdin?.write(`${JSON.stringify(message)}\n`);
    return this.sequence;
  }
}
