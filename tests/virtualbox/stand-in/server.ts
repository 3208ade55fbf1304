import { mkdirSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "./errors.js";
import { HOST } from "./host.js";
import { MACHINES } from "./machines.js";
import { MEDIA } from "./media.js";
import type { State } from "./state.js";
import { parse } from "./syntax.js";

const WORK = { ...MACHINES, ...MEDIA, ...HOST };

/** What VBoxManage ends with. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * VirtualBox' server, which keeps machines and media; VBoxManage, `client.mjs`, asks it. It lies in the process of the test,
 * which looks at its state, and tells it what shall go wrong.
 */
export class VBoxSVC {
  readonly state: State;
  /** All commands that VBoxManage was given, with their arguments. */
  log: string[] = [];
  private readonly server: Server;

  /** @param directory for machines, media and the socket */
  constructor(directory: string) {
    mkdirSync(join(directory, "VirtualBox VMs"), { recursive: true });
    this.state = {
      version: "7.0.20r163906",
      directory,
      machines: new Map(),
      media: new Map(),
      hostOnly: [],
      notes: new Map(),
      faults: {},
      allowed: [{ base: "192.168.56.0", prefixLength: 21 }],
    };
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("error", () => {});
      socket.on("end", async () => {
        const { argv } = JSON.parse(text) as { argv: string[] };
        socket.end(JSON.stringify(await this.answer(argv)));
      });
    });
    this.server.listen(this.socket);
  }

  private get socket(): string {
    return join(this.state.directory, "VBoxSVC");
  }

  /** What a program needs to find it, beside the directory of {@link program} on PATH. */
  get environment(): Readonly<Record<string, string>> {
    return { FIRN_TEST_VBOXSVC: this.socket };
  }

  /** The executable that is called VBoxManage. */
  static get program(): string {
    return fileURLToPath(new URL("VBoxManage", import.meta.url));
  }

  async answer(argv: readonly string[]): Promise<Answer> {
    this.log.push(argv.join(" "));
    try {
      if (argv.length === 1 && argv[0] === "--version")
        return { exitCode: 0, stdout: `${this.state.version}\n`, stderr: "" };
      const line = parse(argv);
      const work = WORK[line.command];
      if (!work) throw new Error(`the stand-in does not know ${line.command}`);
      return { exitCode: 0, stdout: await work(this.state, line), stderr: "" };
    } catch (error) {
      const lines = (error as Error).message.split("\n").map((each) => `VBoxManage: error: ${each}\n`);
      const exitCode = error instanceof Refusal ? error.exitCode : 1;
      return { exitCode, stdout: "", stderr: lines.join("") };
    }
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}
