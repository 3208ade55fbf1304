import { expect, test } from "vitest";
import { RollingUpdates, type Turn } from "./rolling.js";

/** Machines of one run and what becomes of them, as they ask for their turn. */
function run(group: { maxParallel?: number; stopAfter?: number } = {}) {
  const updates = new RollingUpdates();
  const log: string[] = [];
  const announce = (place: number, tags = ["web"]) => {
    const rolling = tags.map((tag) => ({ tag, place, maxParallel: 1, stopAfter: 1, ...group }));
    return updates.announce({ machine: `m${place}`, network: "net", goal: "switch", rolling });
  };
  const begin = async (turn: Turn, name: string) => {
    turn.begin().then(
      () => log.push(`${name} begins`),
      (error: Error) => {
        log.push(`${name}: ${error.message}`);
        turn.end(error);
      },
    );
    await settle();
  };
  return { announce, begin, log, updates };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("one after the other, in the order of the program, whoever is ready first", async () => {
  const { announce, begin, log } = run();
  const [a, b, c] = [announce(0), announce(1), announce(2)];
  await begin(c, "c");
  await begin(b, "b");
  expect(log).toEqual([]);
  await begin(a, "a");
  a.end();
  await settle();
  b.end();
  await settle();
  c.end();
  expect(log).toEqual(["a begins", "b begins", "c begins"]);
});

test("a machine that is not asked for in this run is not waited for", async () => {
  const { announce, begin, log } = run();
  await begin(announce(7), "h");
  expect(log).toEqual(["h begins"]);
});

test("the first failure stops those that wait and those that come later, and says where", async () => {
  const { announce, begin, log } = run();
  const [a, b] = [announce(0), announce(1)];
  await begin(a, "a");
  await begin(b, "b");
  const told = a.end(new Error("health check failed: http port 80\n  more"));
  await settle();
  expect(told).toContain('The rolling update of "web" stops here');
  const why =
    'not deployed: the rolling update of "web" stopped after m0 (health check failed: http port 80). ';
  expect(log[1]).toContain(`b: ${why}`);
  expect(() => announce(2)).toThrow(why);
});

test("a failure before its turn counts, and lets the next one go on where more are allowed", async () => {
  const { announce, begin, log } = run({ stopAfter: 2 });
  const [a, b, c] = [announce(0), announce(1), announce(2)];
  await begin(b, "b");
  expect(a.end(new Error("unreachable"))).toBe("");
  await settle();
  expect(log).toEqual(["b begins"]);
  await begin(c, "c");
  expect(b.end(new Error("bad"))).toContain("stops here");
  await settle();
  expect(log[1]).toContain("stopped after m0 (unreachable); m1 (bad)");
});

test("a few at a time, and one that is in two groups waits for both", async () => {
  const { announce, begin, log } = run({ maxParallel: 2 });
  const [a, b, both, c] = [announce(0), announce(1), announce(2, ["web", "edge"]), announce(3, ["edge"])];
  await begin(a, "a");
  await begin(b, "b");
  await begin(c, "c");
  await begin(both, "both");
  expect(log).toEqual(["a begins", "b begins"]);
  a.end();
  await settle();
  expect(log).toEqual(["a begins", "b begins", "both begins", "c begins"]);
});

test("goals that activate nothing are not held back", () => {
  const { updates } = run();
  const rolling = [{ tag: "web", place: 0, maxParallel: 1, stopAfter: 1 }];
  const failed = updates.announce({ machine: "a", network: "net", goal: "switch", rolling });
  failed.end(new Error("bad"));
  expect(() => updates.announce({ machine: "b", network: "net", goal: "copy", rolling })).not.toThrow();
});
