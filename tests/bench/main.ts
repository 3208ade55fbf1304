import { fileURLToPath } from "node:url";
import { raiseInotifyLimit } from "../lab/limits.mjs";
import { benchCopies } from "./copy.js";
import { benchDeployments } from "./deploy.js";
import { benchEvaluation } from "./evaluate.js";
import { benchKeys } from "./keys.js";
import { benchMesh } from "./mesh.js";

/**
 * `npm run bench [machines …]` and `npm run bench:eval [machines …]`: one JSON document on standard output, progress
 * on standard error, as of `npm run bench:copy [runs]`. `FIRN_BENCH_NIXPKGS` names a real nixpkgs for bench:eval.
 */
const [what, ...numbers] = process.argv.slice(2);
const counts = numbers.map(Number);
const say = (line: string) => console.error(line);
const work = fileURLToPath(new URL("../../.firn/tests", import.meta.url));

if (what === "eval") {
  const miniature = fileURLToPath(new URL("../mini-nixos", import.meta.url));
  const sizes = counts.length > 0 ? counts : [1, 5, 20, 50];
  const result: Record<string, unknown> = { miniature: await benchEvaluation(miniature, sizes, work, say) };
  const real = process.env.FIRN_BENCH_NIXPKGS;
  if (real) result.nixpkgs = await benchEvaluation(real, sizes, work, say);
  console.log(JSON.stringify(result, null, 2));
} else if (what === "copy") {
  console.log(JSON.stringify(await benchCopies(counts[0] ?? 3, work, say), null, 2));
} else if (what === "mesh") {
  console.log(JSON.stringify(await benchMesh(counts[0] ?? 50, say), null, 2));
} else if (what === "keys") {
  const [machines = 20, keys = 200] = counts;
  const putBack = raiseInotifyLimit(machines, say);
  try {
    console.log(JSON.stringify(await benchKeys(machines, keys, say), null, 2));
  } finally {
    putBack();
  }
} else {
  const sizes = counts.length > 0 ? counts : [1, 10, 50];
  const putBack = raiseInotifyLimit(Math.max(...sizes), say);
  try {
    console.log(JSON.stringify(await benchDeployments(sizes, say), null, 2));
  } finally {
    putBack();
  }
}
