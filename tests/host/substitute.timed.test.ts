import { type CopyResult, connect, copyClosure, type Host } from "@firn/host";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type BinaryCache, binaryCache } from "../lab/binary-cache.js";
import { gatewayOf, machine, type TestMachine } from "./machine.js";
import { blob, built, chain } from "./store-paths.js";

let box: TestMachine;
let cache: BinaryCache;
let host: Host;

beforeAll(async () => {
  box = await machine("h3");
  cache = await binaryCache(gatewayOf(box));
});

afterEach(() => host.close());

afterAll(async () => {
  await cache.close();
  await box.remove();
});

/** Gives the machine other binary caches, and connects to it anew. */
async function withCaches(url: string, publicKey = cache.publicKey): Promise<void> {
  const conf = `substituters = ${url}\ntrusted-public-keys = ${publicKey}\nrequire-sigs = true\n`;
  await box.inside(
    `sed -i '/^substituters/d; /^require-sigs/d; /^trusted-public-keys/d' /etc/nix/nix.conf; printf '${conf}' >>/etc/nix/nix.conf`,
  );
  host = await connect(box.target, { waitMs: 20_000 });
}

/** Two new paths, the first one of which, with 2 MB, is in the cache. */
function cached(): [inCache: string, onTop: string] {
  const base = built(2_000_000);
  cache.add(base);
  return [base, chain(1, base)];
}

async function timed(copy: () => Promise<CopyResult>): Promise<{ result: CopyResult; ms: number }> {
  const start = performance.now();
  const result = await copy();
  return { result, ms: performance.now() - start };
}

test("a machine that reaches a cache fetches what that has, and only the rest is sent", async () => {
  await withCaches(cache.url);
  const [base, top] = cached();
  const phases: string[] = [];
  const onProgress = ({ phase }: { phase: string }) => phases.push(phase);
  expect(await copyClosure(host, [top], { onProgress })).toMatchObject({ paths: 1, fetched: 1, refused: "" });
  expect([...new Set(phases)]).toEqual(["query", "fetch", "send"]);
  expect(cache.requests().filter((request) => request.includes("/nar/"))).toHaveLength(1);
  await host.run(["nix-store", "--verify-path", base, top]);
});

test("a change that is sooner sent than looked for is not looked for", async () => {
  await withCaches(cache.url);
  cache.requests();
  expect(await copyClosure(host, [chain(3)])).toMatchObject({ paths: 3, fetched: 0 });
  expect(cache.requests()).toEqual([]);
});

test("a cache whose signatures the machine does not trust gives nothing, and that is said", async () => {
  await withCaches(cache.url, "lab-1:FA1jmVT3PKBMbLf1tNyY0QK2CJUl5lNCAdLeKgk2Orw=");
  const [base, top] = cached();
  const { refused, ...counts } = await copyClosure(host, [top]);
  expect(counts).toMatchObject({ paths: 2, fetched: 0 });
  expect(refused).toContain(base);
  expect(refused).toMatch(/signed|signature/);
});

test("a cache that does not answer costs a second, once a connection; one that is not there costs less", async () => {
  await withCaches("");
  const without = await timed(() => copyClosure(host, [blob(2_000_000)]));
  await host.close();

  cache.hang(/./);
  await withCaches(cache.url);
  const hanging = await timed(() => copyClosure(host, [blob(2_000_000)]));
  expect(hanging.result).toMatchObject({ paths: 1, fetched: 0 });
  expect(hanging.ms - without.ms).toBeLessThan(2500);
  expect(cache.requests()).not.toEqual([]);
  expect(await copyClosure(host, [blob(2_000_000)])).toMatchObject({ paths: 1 });
  expect(cache.requests()).toEqual([]);
  await host.close();

  await withCaches(cache.url.replace(/\d+$/, "1"));
  const absent = await timed(() => copyClosure(host, [blob(2_000_000)]));
  expect(absent.result).toMatchObject({ paths: 1, fetched: 0 });
  expect(absent.ms - without.ms).toBeLessThan(1500);
  cache.hang(/^$/);
});

test("a cache that stops in the middle is given up, and the deployer sends what it did not give", async () => {
  await withCaches(cache.url);
  const [, top] = cached();
  cache.hang(/^\/nar/);
  const { result, ms } = await timed(() => copyClosure(host, [top]));
  expect(result).toMatchObject({ paths: 2, fetched: 0 });
  expect(ms).toBeLessThan(30_000);
  cache.hang(/^$/);
});
