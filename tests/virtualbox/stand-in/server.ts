import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
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
 * VirtualBox' server, which keeps machines and media; VBoxManage asks it. It lies in the process of the test,
 * which looks at its state, and tells it what shall go wrong.
 */
export class VBoxSVC {
  readonly state: State;
  /** All commands that VBoxManage was given, with their arguments. */
  log: string[] = [];
  private readonly server: Server;

  /** @param directory for machines and media */
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
    this.server = createServer((socket) => {
      let text = "";
      socket.setEncoding("utf8");
      socket.on("error", () => {});
      socket.on("data", async (chunk) => {
        text += chunk;
        // How many arguments there are, and then those.
        const [count = "", ...argv] = text.split("\0").slice(0, -1);
        if (count === "" || argv.length < Number(count)) return;
        const { exitCode, stdout, stderr } = await this.answer(argv);
        socket.end(`${exitCode}\n${stderr}\0${stdout}`);
      });
    });
  }

  /**
   * Begins to answer.
   *
   * @returns variables by which VBoxManage finds it; the program itself, {@link program}, must be on PATH
   */
  async listen(): Promise<Readonly<Record<string, string>>> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    return { FIRN_TEST_VBOXSVC: String((this.server.address() as AddressInfo).port) };
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
