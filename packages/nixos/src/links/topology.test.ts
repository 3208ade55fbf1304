import { expect, test } from "vitest";
import { planTopology, type TopologyNode } from "./topology.js";

const open = (name: string): TopologyNode => ({ name, behindNat: false });
const nat = (name: string, privateNetwork?: string): TopologyNode => ({
  name,
  behindNat: true,
  privateNetwork,
});
const edge = (a: string, b: string, trusted = false) => ({ a, b, trusted });
const hub = (gateway: string, ...spokes: string[]) => ({ gateway, spokes, trusted: false });

/** `a: b>` where a dials b, `a: b<` where b dials a, with what lies behind in parentheses. */
function show(plan: ReturnType<typeof planTopology>): string[] {
  return [...plan.neighbours].map(
    ([name, peers]) =>
      `${name}: ${peers
        .map((peer) => {
          const way = `${peer.answers ? "<" : ""}${peer.dials ? ">" : ""}`;
          return `${peer.name}${way}${peer.through.length > 0 ? `(${peer.through})` : ""}${peer.trusted ? "!" : ""}`;
        })
        .join(" ")}`,
  );
}

test("linked machines are peers of each other, others are not", () => {
  const plan = planTopology({
    nodes: [open("web"), open("db"), open("mail")],
    edges: [edge("web", "db")],
    hubs: [],
  });
  expect(show(plan)).toEqual(["web: db<>", "db: web<>"]);
  expect(plan.reaches.get("mail")).toBeUndefined();
});

test("a machine behind NAT opens the connection", () => {
  const plan = planTopology({ nodes: [open("web"), nat("home")], edges: [edge("web", "home")], hubs: [] });
  expect(show(plan)).toEqual(["web: home<", "home: web>"]);
});

test("two behind the same NAT meet in their private network", () => {
  const plan = planTopology({
    nodes: [nat("a", "office"), nat("b", "office")],
    edges: [edge("a", "b")],
    hubs: [],
  });
  expect(show(plan)).toEqual(["a: b<>", "b: a<>"]);
});

test("two behind different NATs go through their hub, and it is said", () => {
  const plan = planTopology({
    nodes: [nat("a", "home"), nat("b", "office"), open("gate")],
    edges: [edge("a", "b")],
    hubs: [hub("gate", "a", "b")],
  });
  expect(show(plan)).toEqual(["a: gate>(b)", "gate: a< b<", "b: gate>(a)"]);
  expect(plan.remarks).toEqual([
    "a and b are both behind NAT: what they say to each other goes through gate.",
  ]);
  expect([...plan.forwarding]).toEqual(["gate"]);
});

test("two behind different NATs without a hub are an error that says what to do", () => {
  expect(() =>
    planTopology({ nodes: [nat("a", "home"), nat("b", "office")], edges: [edge("a", "b")], hubs: [] }),
  ).toThrow(/"a" and "b" are both behind NAT.*network\.hub\(gateway\)/);
});

test("a hub behind NAT is an error for spokes behind another", () => {
  expect(() => planTopology({ nodes: [nat("gate"), nat("a")], edges: [], hubs: [hub("gate", "a")] })).toThrow(
    /A hub must be a machine that others can reach/,
  );
});

test("a direct link beside a hub is the way that is taken", () => {
  const plan = planTopology({
    nodes: [open("gate"), open("a"), open("b"), open("c")],
    edges: [edge("a", "b", true)],
    hubs: [hub("gate", "a", "b", "c")],
  });
  expect(show(plan)).toEqual([
    "a: b<>! gate<>(c)",
    "gate: a<> b<> c<>",
    "b: a<>! gate<>(c)",
    "c: gate<>(a,b)",
  ]);
});

test("two hubs: each pair has one way", () => {
  const plan = planTopology({
    nodes: [open("one"), open("two"), open("a"), open("b")],
    edges: [],
    hubs: [hub("one", "a", "b"), hub("two", "a", "b")],
  });
  expect(show(plan)).toContain("a: one<>(b) two<>");
});
