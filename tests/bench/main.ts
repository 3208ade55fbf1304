import { benchDeployments } from "./deploy.js";

/** `npm run bench`: one JSON document on standard output, progress on standard error. Arguments: machine counts. */
const counts = process.argv.slice(2).map(Number);
const result = await benchDeployments(counts.length > 0 ? counts : [1, 10, 50], (line) =>
  console.error(line),
);
console.log(JSON.stringify(result, null, 2));
