import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ensureBaseImage } from "./base-image.js";

let directory: string;
let server: Server;
let url: string;
let files: Record<string, string>;
let asked: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "firn-image-"));
  vi.stubEnv("FIRN_CACHE", directory);
  [files, asked] = [{}, []];
  server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? "";
    asked.push(name);
    const text = files[name];
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

const sum = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("hex");

test("an image is downloaded once, and compared with the sums beside it", async () => {
  files = { "debian.qcow2": "disk", SHA512SUMS: `${sum("sha512", "disk")}  debian.qcow2\n` };
  const notes: string[] = [];
  const file = await ensureBaseImage(`${url}/debian.qcow2`, (line) => notes.push(line));
  expect(readFileSync(file, "utf8")).toBe("disk");
  expect(notes).toEqual([`downloading ${url}/debian.qcow2`]);
  asked = [];
  expect(await ensureBaseImage(`${url}/debian.qcow2`)).toBe(file);
  expect(asked).toEqual([]);
});

test("sums of Ubuntu's kind count too", async () => {
  files = { "noble.img": "disk", SHA256SUMS: `${sum("sha256", "disk")} *noble.img\n` };
  expect(readFileSync(await ensureBaseImage(`${url}/noble.img`), "utf8")).toBe("disk");
});

test("what is not what the sums say, or cannot be checked, is refused", async () => {
  files = { "debian.qcow2": "changed", SHA512SUMS: `${sum("sha512", "disk")}  debian.qcow2\n` };
  await expect(ensureBaseImage(`${url}/debian.qcow2`)).rejects.toThrow("it was cut or changed on the way");
  files = { "debian.qcow2": "disk", SHA512SUMS: `${sum("sha512", "disk")}  other.qcow2\n` };
  await expect(ensureBaseImage(`${url}/debian.qcow2`)).rejects.toThrow("does not name debian.qcow2");
  files = { "debian.qcow2": "disk" };
  await expect(ensureBaseImage(`${url}/debian.qcow2`)).rejects.toThrow(
    "there is no SHA512SUMS or SHA256SUMS beside it",
  );
  await expect(ensureBaseImage(`${url}/absent.qcow2`)).rejects.toThrow("the server answered 404");
});

test("a path is taken as it is, and has to be there", async () => {
  const file = join(directory, "disk.qcow2");
  writeFileSync(file, "disk");
  expect(await ensureBaseImage(file)).toBe(file);
  await expect(ensureBaseImage("disk.qcow2")).rejects.toThrow("neither an absolute path nor a URL");
  await expect(ensureBaseImage("/nonexistent.qcow2")).rejects.toThrow("There is no image /nonexistent.qcow2");
});
