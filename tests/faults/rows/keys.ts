import type { Fault } from "../fault.js";

const NAMES = Array.from({ length: 1000 }, (_, index) => `key-${index + 1}`);
const keys = Object.fromEntries(NAMES.map((name) => [name, { file: `secrets/${name}` }]));

/** Many secrets. */
export const MANY_KEYS: readonly Fault[] = [
  {
    row: "1,000 keys",
    machine: "thousand-keys",
    ends: "new",
    arm: (_subject, { project, keyValue }) => {
      for (const name of NAMES) project.write(`secrets/${name}`, `${keyValue} of ${name}`);
    },
    always: () => ({ args: { keys } }),
  },
];
