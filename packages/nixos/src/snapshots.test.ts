import { beforeEach, expect, test, vi } from "vitest";
import { type SnapshotInputs, snapshotProvider } from "./snapshots.js";

interface Inputs extends SnapshotInputs {
  readonly vm: string;
}

let there: string[];
const taken: string[] = [];
const provider = snapshotProvider<Inputs>({
  machine: "vm",
  take: async (_inputs, name, description) => {
    there.push(name);
    taken.push(description);
  },
  list: async () => there,
  remove: async (_inputs, name) => {
    there = there.filter((each) => each !== name);
  },
});
const inputs = (toplevel: string, keep = 2): Inputs => ({ vm: "web", toplevel, keep });

beforeEach(() => {
  there = ["by-hand"];
  taken.length = 0;
});

test("one is taken before each other system, and the oldest of Firn's own go", async () => {
  vi.useFakeTimers({ now: new Date("2026-11-25T12:00:00.001Z") });
  try {
    expect(await provider.create(inputs("/nix/store/a"))).toMatchObject({ id: "web" });
    vi.setSystemTime(new Date("2026-11-25T12:00:00.002Z"));
    await provider.update("web", inputs("/nix/store/a"), inputs("/nix/store/b"));
    vi.setSystemTime(new Date("2026-11-25T12:00:01.000Z"));
    await provider.update("web", inputs("/nix/store/b"), inputs("/nix/store/c"));
  } finally {
    vi.useRealTimers();
  }
  expect(taken).toEqual(["a", "b", "c"].map((name) => `Before /nix/store/${name}, taken by Firn`));
  expect(there).toEqual(["by-hand", "firn-2026-11-25T12-00-00-002Z", "firn-2026-11-25T12-00-01-000Z"]);
  await provider.update("web", inputs("/nix/store/c"), inputs("/nix/store/c", 1));
  expect(there).toEqual(["by-hand", "firn-2026-11-25T12-00-01-000Z"]);
  await provider.delete("web", inputs("/nix/store/c"));
  expect(there).toEqual(["by-hand"]);
});

test("where none is kept, none is taken, and Firn's go", async () => {
  there = ["by-hand", "firn-old"];
  await provider.create(inputs("/nix/store/a", 0));
  expect([there, taken]).toEqual([["by-hand"], []]);
});

test("another system or number is a change, another machine a replacement", async () => {
  const same = inputs("/nix/store/a");
  const diff = (news: Inputs) => provider.diff("web", same, news);
  expect(await diff(same)).toMatchObject({ changes: false, replaces: [] });
  expect(await diff(inputs("/nix/store/b"))).toMatchObject({ changes: true, replaces: [] });
  expect(await diff(inputs("/nix/store/a", 3))).toMatchObject({ changes: true, replaces: [] });
  expect(await diff({ ...same, vm: "db" })).toMatchObject({ changes: true, replaces: ["vm"] });
});
