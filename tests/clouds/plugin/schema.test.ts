import { expect, test } from "vitest";
import { changes, refusals, type Schema, UNKNOWN } from "./schema.js";

const schema: Schema = {
  name: "sky",
  resources: {
    "sky:index:Server": {
      inputProperties: {
        size: { type: "string" },
        region: { oneOf: [{ $ref: "#/types/sky:Region" }], willReplaceOnChanges: true },
        ports: { type: "array", items: { type: "integer" } },
        labels: { type: "object", additionalProperties: { type: "string" } },
        network: { $ref: "#/types/sky:Network" },
      },
      requiredInputs: ["size"],
      required: ["size"],
    },
  },
  types: {
    "sky:Region": { enum: [{ value: "north" }, { value: "south" }] },
    "sky:Network": { properties: { id: { type: "integer" } }, required: ["id"] },
  },
};
const refused = (inputs: object) =>
  refusals(schema, "sky:index:Server", { size: "s", ...inputs }).map(
    (each) => `${each.property}: ${each.reason}`,
  );

test("what the schema knows is taken, unknown values too", () => {
  expect(refused({ region: "north", ports: [1], labels: { a: "b" }, network: { id: 1 } })).toEqual([]);
  expect(refused({ ports: [UNKNOWN], network: UNKNOWN, region: UNKNOWN, __defaults: [] })).toEqual([]);
});

test.each([
  [{ sizes: "s" }, "sizes: unknown property; known are size, region, ports, labels, network"],
  [{ size: undefined }, "size: Missing required property"],
  [{ size: 1 }, "size: must be string, and is 1"],
  [{ ports: ["80"] }, 'ports[0]: must be integer, and is "80"'],
  [{ region: "east" }, "region: must be one of north, south"],
  [{ labels: { a: 1 } }, "labels.a: must be string, and is 1"],
  [{ network: { name: "x" } }, "network.id: Missing required property"],
])("%j is refused", (inputs, reason) => {
  expect(refused(inputs)).toContain(reason);
});

test("changes are told with those that replace", () => {
  const news = { size: "m", region: "south", ports: [1] };
  expect(changes(schema, "sky:index:Server", { size: "s", region: "north", ports: [1] }, news)).toEqual({
    changed: ["size", "region"],
    replacing: ["region"],
  });
});
