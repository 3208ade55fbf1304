import { startContainer } from "./lab.js";

// Starts as many machines at once as its argument says, and prints them as JSON.
const count = Number(process.argv[2]);
const hosts = await Promise.all(
  Array.from({ length: count }, (_, index) => startContainer(`there-${index}`)),
);
process.stdout.write(
  JSON.stringify(hosts.map(({ id, address, hostKey, identity }) => ({ id, address, hostKey, identity }))),
);
