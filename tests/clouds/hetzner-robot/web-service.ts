import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The hardware behind the stand-in. */
export interface Hardware {
  readonly address: string;
  /** Presses the reset button; the next boot is the rescue system's when keys for it are given. */
  reset(rescueKeys: readonly string[] | undefined): Promise<void>;
  /** When the rescue system has booted last, and its host keys; undefined before. */
  rescueBoot(): { readonly time: string; readonly hostKeys: readonly string[] } | undefined;
}

export const USER = "#ws+firn";
export const PASSWORD = "correct horse battery staple";
export const SERVER = 321;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Stands in for the Robot web service, by its documentation (robot.hetzner.com/doc/webservice) and by what it was seen to
 * do: host keys of a rescue system are told once it has booted, as SHA-256 fingerprints. It refuses what the documentation
 * does not have: paths, methods, fields, bodies that are no forms.
 */
export class RobotWebService {
  /** Requests, such as `POST /reset/321 type=hw`. */
  readonly requests: string[] = [];
  /** Answers to give instead, by the beginning of the request; each counts once. */
  readonly faults: { readonly request: string; readonly status: number; readonly error?: object }[] = [];
  readonly keys = new Map<string, { readonly name: string; readonly data: string }>();
  readonly reverseDns = new Map<string, string>();
  resetTypes: readonly string[] = ["man", "hw", "sw"];
  status = "ready";
  /** Whether another installation waits for the next boot. */
  linuxIsActive = false;
  failedLogins = 0;
  private rescueKey: string | undefined;
  private readonly server: Server;

  constructor(private readonly hardware: Hardware) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** @returns its address */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { status, body: answer } = await this.route(request, body).catch((error: Error) => ({
      status: 500,
      body: { error: { status: 500, code: "INTERNAL_ERROR", message: error.message } },
    }));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }

  private async route({ method = "", url = "", headers }: IncomingMessage, body: string): Promise<Answer> {
    if (this.failedLogins >= 3) return refusal(401, "UNAUTHORIZED", "blocked for 10 minutes");
    const expected = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    if (headers.authorization !== expected) {
      this.failedLogins += 1;
      return refusal(401, "UNAUTHORIZED", "Unauthorized");
    }
    this.requests.push(`${method} ${url} ${body}`.trim());
    const fault = this.faults.findIndex((each) => this.requests.at(-1)?.startsWith(each.request));
    if (fault >= 0) {
      const [{ status, error } = { status: 500, error: undefined }] = this.faults.splice(fault, 1);
      return { status, body: error === undefined ? {} : { error: { status, ...error } } };
    }
    const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
    if (method === "POST" && !isForm) return refusal(400, "INVALID_INPUT", "no form");
    if (method !== "POST" && body !== "") return refusal(400, "INVALID_INPUT", "a body that nobody wants");
    return this.resource(method, url, new URLSearchParams(body));
  }

  private async resource(method: string, path: string, form: URLSearchParams): Promise<Answer> {
    const [, kind = "", id = "", ...rest] = path.split("/");
    if (["server", "boot", "reset"].includes(kind) && id !== String(SERVER))
      return refusal(404, "SERVER_NOT_FOUND", "Server not found");
    switch (`${method} /${[kind, ...rest].join("/")}`) {
      case "GET /server":
        return ok({ server: this.describe() });
      case "GET /boot/rescue":
        return ok({ rescue: this.rescue() });
      case "GET /boot/rescue/last":
        return this.lastRescue();
      case "POST /boot/rescue":
        return fields(form, ["os", "authorized_key"]) ?? this.activate(form);
      case "DELETE /boot/rescue":
        this.rescueKey = undefined;
        return ok({ rescue: this.rescue() });
      case "GET /reset":
        return ok({
          reset: { server_number: SERVER, type: this.resetTypes, operating_status: "not supported" },
        });
      case "POST /reset":
        return fields(form, ["type"]) ?? this.reset(form);
      case "GET /key":
        return this.keys.has(id) ? ok({ key: this.keyOf(id) }) : refusal(404, "NOT_FOUND", "key not found");
      case "POST /key":
        return fields(form, ["name", "data"]) ?? this.addKey(form);
      case "DELETE /key":
        return this.keys.delete(id) ? ok({}) : refusal(404, "NOT_FOUND", "key not found");
      case "POST /rdns": {
        const wrong = fields(form, ["ptr"]);
        if (wrong) return wrong;
        if (id !== this.hardware.address) return refusal(404, "IP_NOT_FOUND", "IP not found");
        this.reverseDns.set(id, form.get("ptr") ?? "");
        return ok({ rdns: { ip: id, ptr: form.get("ptr") } });
      }
    }
    return refusal(404, "NOT_FOUND", `the stand-in has no ${method} ${path}`);
  }

  private describe() {
    return {
      server_ip: this.hardware.address,
      server_ipv6_net: "2001:db8:1:2::",
      server_number: SERVER,
      server_name: "server1",
      product: "AX41-NVMe",
      dc: "FSN1-DC8",
      traffic: "unlimited",
      status: this.status,
      cancelled: false,
      paid_until: "2026-12-31",
    };
  }

  private rescue() {
    const active = this.rescueKey !== undefined;
    return {
      server_ip: this.hardware.address,
      server_number: SERVER,
      os: active ? "linux" : ["linux", "vkvm"],
      active,
      password: null,
      authorized_key: active ? [{ key: this.keyOf(this.rescueKey ?? "") }] : [],
      host_key: [],
      boot_time: null,
    };
  }

  private lastRescue(): Answer {
    const boot = this.hardware.rescueBoot();
    if (boot === undefined) return refusal(404, "NOT_FOUND", "no rescue system was booted");
    const host_key = boot.hostKeys.map((key) => {
      const digest = createHash("sha256")
        .update(Buffer.from(key.split(" ")[1] ?? "", "base64"))
        .digest("base64");
      return { key: { fingerprint: digest.replace(/=+$/, ""), type: "ED25519", size: 256 } };
    });
    return ok({ rescue: { ...this.rescue(), active: false, host_key, boot_time: boot.time } });
  }

  private activate(form: URLSearchParams): Answer {
    if (this.linuxIsActive || this.rescueKey !== undefined)
      return refusal(
        409,
        "BOOT_ALREADY_ENABLED",
        "There is already an active boot configuration for the server",
      );
    const key = form.get("authorized_key") ?? "";
    if (form.get("os") !== "linux" || !this.keys.has(key)) return invalid([], ["authorized_key"]);
    this.rescueKey = key;
    return ok({ rescue: this.rescue() });
  }

  private async reset(form: URLSearchParams): Promise<Answer> {
    const type = form.get("type") ?? "";
    if (!this.resetTypes.includes(type)) return invalid([], ["type"]);
    const key = this.rescueKey === undefined ? undefined : this.keys.get(this.rescueKey)?.data;
    // It counts for one boot.
    this.rescueKey = undefined;
    await this.hardware.reset(key === undefined ? undefined : [key]);
    return ok({ reset: { server_ip: this.hardware.address, server_number: SERVER, type } });
  }

  private addKey(form: URLSearchParams): Answer {
    const data = form.get("data") ?? "";
    if (!/^ssh-ed25519 [A-Za-z0-9+/=]+$/.test(data)) return invalid([], ["data"]);
    const md5 = createHash("md5")
      .update(Buffer.from(data.split(" ")[1] ?? "", "base64"))
      .digest("hex");
    const fingerprint = (md5.match(/../g) ?? []).join(":");
    if (this.keys.has(fingerprint)) return refusal(409, "KEY_ALREADY_EXISTS", "the key exists already");
    this.keys.set(fingerprint, { name: form.get("name") ?? "", data });
    return { status: 201, body: { key: this.keyOf(fingerprint) } };
  }

  private keyOf(fingerprint: string) {
    return { ...this.keys.get(fingerprint), fingerprint, type: "ED25519", size: 256 };
  }
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { status, code, message } } };
}

function invalid(missing: readonly string[], wrong: readonly string[]): Answer {
  const error = { status: 400, code: "INVALID_INPUT", message: "invalid input", missing, invalid: wrong };
  return { status: 400, body: { error } };
}

/** A form has to have exactly these fields, each once and not empty. */
function fields(form: URLSearchParams, names: readonly string[]): Answer | undefined {
  const missing = names.filter((name) => form.getAll(name).length !== 1 || form.get(name) === "");
  const wrong = [...form.keys()].filter((name) => !names.includes(name));
  return missing.length > 0 || wrong.length > 0 ? invalid(missing, wrong) : undefined;
}
