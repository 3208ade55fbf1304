import { robotServer, robotSshKey } from "@firn/hetzner-robot/provider";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { generateKeyPair } from "../../../packages/nixos/src/key-pair.provider.js";
import { PASSWORD, RobotWebService, SERVER, USER } from "./web-service.js";

/** The web service with a server that nobody waits for: what is reset here never boots. */
let resets: (readonly string[] | undefined)[] = [];
const service = new RobotWebService({
  address: "127.0.0.1",
  reset: async (keys) => void resets.push(keys),
  rescueBoot: () => undefined,
});
let account: { url: string; user: string; password: string };
let publicKey: string;

beforeAll(async () => {
  account = { url: await service.listen(), user: USER, password: PASSWORD };
  publicKey = (await generateKeyPair("deploy")).publicKey;
});
afterAll(() => service.close());
beforeEach(async () => {
  resets = [];
  service.requests.length = 0;
  service.faults.length = 0;
  service.failedLogins = 0;
  service.status = "ready";
  service.linuxIsActive = false;
  service.resetTypes = ["man", "hw", "sw"];
  service.keys.clear();
  await robotSshKey.create({ ...account, name: "net-dev", publicKey });
});

const inputs = (more: object = {}) => ({
  ...account,
  server: SERVER,
  reinstall: 0,
  deployPublicKey: publicKey,
  ...more,
});
const refused = (more: object = {}) =>
  robotServer.create(inputs(more)).then(
    () => "",
    (error: Error) => error.message,
  );

test("a wrong password is tried once, and said without it", async () => {
  const message = await refused({ password: "wrong" });
  expect(message).toMatch(/^Hetzner Robot, asking for server 321: user or password are wrong\./);
  expect(message).not.toContain('"wrong"');
  expect(service.failedLogins).toBe(1);
});

test("what the web service refuses ends the run before the server is reset", async () => {
  expect(await refused({ server: 322 })).toMatch(
    /server 322: Server not found \(SERVER_NOT_FOUND, HTTP 404\): there is no server/,
  );
  service.status = "in process";
  expect(await refused()).toContain("it is not ready (in process)");
  service.status = "ready";
  service.linuxIsActive = true;
  expect(await refused()).toContain(
    "(BOOT_ALREADY_ENABLED, HTTP 409): another installation waits for the server's next boot",
  );
  service.linuxIsActive = false;
  service.resetTypes = ["man"];
  expect(await refused()).toContain(
    'it can be reset by man only, not in hardware (hw). Boot its rescue system by hand, and use existing() with install: "disk"',
  );
  service.faults.push({
    request: "GET /server",
    status: 403,
    error: { code: "RATE_LIMIT_EXCEEDED", message: "rate limit exceeded", max_request: 200, interval: 3600 },
  });
  expect(await refused()).toContain(
    "200 requests of this kind in 3600 s are used up: wait that long, and run again",
  );
  service.keys.clear();
  expect(await refused()).toContain("it does not take this: invalid authorized_key");
  expect(await refused({ rdns: "web.example.org", url: "http://192.0.2.1" })).toContain("is not https");
  expect(resets).toEqual([]);
});

test("maintenance is waited for, and a service that is gone is said", async () => {
  const down = { request: "GET /key", status: 503 };
  service.faults.push(down, down);
  const [fingerprint = ""] = service.keys.keys();
  expect(
    await robotSshKey.read(fingerprint, { ...account, name: "net-dev", publicKey, own: true }),
  ).toMatchObject({ id: fingerprint });
  const gone = account.url.replace(/:\d+$/, ":1");
  expect(await refused({ url: gone })).toMatch(
    /^Hetzner Robot, asking for server 321: http:\/\/127\.0\.0\.1:1 does not answer: /,
  );
});

test("a key that the account has already is used, and stays", async () => {
  const again = await robotSshKey.create({ ...account, name: "net-dev", publicKey });
  expect(again.outs).toMatchObject({ own: false });
  await robotSshKey.delete(again.id, again.outs);
  expect(service.keys.size).toBe(1);
  await robotSshKey.delete(again.id, { ...again.outs, own: true });
  expect(service.keys.size).toBe(0);
  expect(await robotSshKey.read(again.id, again.outs)).toEqual({});
});

test("destroy leaves a server alone, or resets it into its rescue system where it is told to", async () => {
  const outs = {
    ...inputs(),
    address: "127.0.0.1",
    ipv6Network: "",
    product: "",
    datacenter: "",
    rescueHostKey: "",
  };
  service.requests.length = 0;
  await robotServer.delete("321/0", outs);
  expect(service.requests).toEqual([]);
  // One that somebody has activated with another key is activated anew.
  const active = { os: "linux", authorized_key: [...service.keys.keys()][0] ?? "" };
  await fetch(`${account.url}/boot/${SERVER}/rescue`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}` },
    body: new URLSearchParams(active),
  });
  await robotServer.delete("321/0", { ...outs, onDestroy: "rescue" });
  expect(service.requests).toContain(`DELETE /boot/${SERVER}/rescue`);
  expect(resets).toEqual([[publicKey]]);
});

test("another server or installation is another machine; a new password, name or address of the service is none", async () => {
  const outs = {
    ...inputs(),
    address: "127.0.0.1",
    ipv6Network: "",
    product: "",
    datacenter: "",
    rescueHostKey: "k",
  };
  const diff = (more: object) => robotServer.diff("321/0", outs, inputs(more));
  expect(await diff({})).toMatchObject({ changes: false, replaces: [] });
  expect(await diff({ server: 322 })).toMatchObject({ changes: true, replaces: ["server"] });
  expect(await diff({ reinstall: 1 })).toMatchObject({ changes: true, replaces: ["reinstall"] });
  expect(await diff({ password: "new" })).toMatchObject({ changes: true, replaces: [] });
  expect(await robotServer.check(inputs(), inputs({ unconfirmed: "why" }))).toMatchObject({ failures: [] });
  expect(await robotServer.check(inputs(), inputs({ reinstall: 1, unconfirmed: "why" }))).toEqual({
    inputs: inputs({ reinstall: 1 }),
    failures: [{ property: "", reason: "why" }],
  });
  expect(await robotServer.read("321/0", outs)).toMatchObject({
    id: "321/0",
    props: { product: "AX41-NVMe", rescueHostKey: "k" },
  });
  expect(await robotServer.read("322/0", { ...outs, server: 322 })).toEqual({});
});
