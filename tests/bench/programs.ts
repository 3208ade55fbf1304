/** A network of `count` small machines; `marker` differs where one machine shall have changed. */
export function firnProgram(count: number, nixpkgs: string, marker: string): string {
  return `import { container } from "@firn/container";
import { Network } from "@firn/nixos";
const net = new Network("net", { nixpkgs: { path: ${JSON.stringify(nixpkgs)} }, stateVersion: "26.05", target: container() });
for (let i = 0; i < ${count}; i += 1)
  net.machine("m" + i, { config: { environment: { etc: { marker: { text: i === 0 ? ${JSON.stringify(marker)} : "same" } } } } });
`;
}

/**
 * The floor: the tree of resources that \`state.json\` lists, components and dynamic ones alike, with the same
 * inputs, whose provider does nothing. Values that another resource made are passed as they were.
 */
export const FLOOR_PROGRAM = `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
const provider = {
  create: async (inputs) => ({ id: "floor", outs: inputs }),
  diff: async (_id, olds, news) => ({ changes: olds.marker !== news.marker }),
  update: async (_id, _olds, news) => ({ outs: news }),
};
// A secret is exported encrypted; as long a text takes its place.
const value = (input) => input?.ciphertext ? pulumi.secret("x".repeat(400)) : input;
const made = new Map();
for (const { urn, type, parent, inputs } of JSON.parse(readFileSync("state.json", "utf8"))) {
  if (type.startsWith("pulumi:")) continue;
  const name = urn.split("::").at(-1);
  const opts = made.has(parent) ? { parent: made.get(parent) } : {};
  const { __provider, ...given } = inputs ?? {};
  const props = Object.fromEntries(Object.entries(given).map(([name, input]) => [name, value(input)]));
  const [, module, kind] = /^pulumi-nodejs:dynamic\\/(.*):(.*)$/.exec(type) ?? [];
  made.set(urn, kind
    ? new pulumi.dynamic.Resource(provider, name, props, opts, module, kind)
    : new pulumi.ComponentResource(type, name, {}, opts));
}
`;
