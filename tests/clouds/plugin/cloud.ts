import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ApiError } from "./api-error.js";
import type { Faults } from "./faults.js";
import type { Properties } from "./schema.js";

/** A resource as the cloud has it. */
export interface Stored {
  /** Pulumi's type token. */
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
  /** What the cloud tells of it; the inputs are among them. */
  readonly outputs: Properties;
  /** What only the stand-in knows, such as the machine on this computer. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** One cloud account: a directory that lives on when the plugin ends, so that later runs and the tests see it. */
export class Cloud {
  readonly directory: string;

  constructor(
    /** Pulumi's name of the provider. */
    readonly name: string,
    directory = process.env.FIRN_TEST_CLOUDS,
  ) {
    if (!directory) throw new Error("FIRN_TEST_CLOUDS names no directory for the stand-in's state");
    this.directory = join(directory, name);
    mkdirSync(join(this.directory, "resources"), { recursive: true });
  }

  /** All resources, or those of a kind: the last part of the type token, such as `Server`. */
  list(kind?: string): Stored[] {
    return readdirSync(join(this.directory, "resources"))
      .filter((file) => file.endsWith(".json"))
      .map((file): Stored => JSON.parse(readFileSync(join(this.directory, "resources", file), "utf8")))
      .filter(({ type }) => kind === undefined || kindOf(type) === kind)
      .sort((a, b) => a.id.localeCompare(b.id));
  }

  get(kind: string, id: unknown): Stored | undefined {
    const file = this.file(kind, String(id));
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  }

  put(resource: Stored): void {
    const file = this.file(kindOf(resource.type), resource.id);
    writeFileSync(`${file}.new`, JSON.stringify(resource, null, 2));
    renameSync(`${file}.new`, file);
  }

  remove(kind: string, id: string): void {
    rmSync(this.file(kind, id), { force: true });
  }

  /** The next of the numbers that the cloud gives to what it makes. */
  nextNumber(): number {
    const file = join(this.directory, "last-number");
    const number = existsSync(file) ? Number(readFileSync(file, "utf8")) + 1 : 1001;
    writeFileSync(file, String(number));
    return number;
  }

  get faults(): Faults {
    const file = join(this.directory, "faults.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  }

  set faults(faults: Faults) {
    writeFileSync(join(this.directory, "faults.json"), JSON.stringify(faults));
  }

  /** Notes a request that the real provider would send to the API; {@link requests} gives them back. */
  note(request: string): void {
    appendFileSync(join(this.directory, "requests"), `${request}\n`);
  }

  /** Requests since the last call, such as `create Server shop-web`. */
  requests(): string[] {
    const file = join(this.directory, "requests");
    const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
    rmSync(file, { force: true });
    return lines;
  }

  /** @throws {@link ApiError} 404 where there is none */
  require(kind: string, id: unknown): Stored {
    const found = this.get(kind, id);
    if (!found) throw new ApiError(404, `${kind} with ID '${id}' not found (not_found)`);
    return found;
  }

  private file(kind: string, id: string): string {
    return join(this.directory, "resources", `${kind}-${encodeURIComponent(id)}.json`);
  }
}

/** `Server` of `hcloud:index/server:Server`. */
export function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
