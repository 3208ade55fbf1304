import { expect, test } from "vitest";
import { checkSettings, parseListener, type Settings } from "./settings.js";

const WRONG: Record<string, [Settings, string]> = {
  "too little memory": [{ memory: 1 }, "container({ memory: 1 }): it is a number of MiB, at least 64."],
  "no processor": [{ cpus: 0 }, "it is a number of processors, at least 0.05."],
  "a relative source": [{ mounts: { "/srv": { source: "data" } } }, '"data" is no absolute path below /.'],
  "a way out": [
    { mounts: { "/srv/../..": { source: "/tmp" } } },
    '"/srv/../.." is no absolute path below /.',
  ],
  "the root": [{ mounts: { "/": { source: "/tmp" } } }, '"/" is no absolute path below /.'],
  "no source": [{ mounts: { "/srv": { source: "/no/such/place" } } }, "this computer has no /no/such/place."],
  "a port that is none": [{ ports: { "0": 80 } }, '"0": 80'],
  "an address without a port": [{ ports: { localhost: 80 } }, "both are TCP ports"],
};

test.each(Object.entries(WRONG))("%s", async (_, [settings, told]) => {
  await expect(checkSettings(settings)).rejects.toThrow(told);
});

test("what is right is left alone", async () => {
  await checkSettings({
    memory: 512,
    cpus: 0.5,
    mounts: { "/srv": { source: "/tmp" } },
    ports: { "[::]:8080": 80 },
  });
});

test("where a port of this computer listens", () => {
  expect(parseListener("8080")).toEqual({ host: "127.0.0.1", port: 8080 });
  expect(parseListener("0.0.0.0:8080")).toEqual({ host: "0.0.0.0", port: 8080 });
  expect(parseListener("[::1]:8080")).toEqual({ host: "::1", port: 8080 });
});
