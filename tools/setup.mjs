// `node tools/setup.mjs` sets up this checkout and does nothing else.

import { runMain } from "./setup/errors.mjs";
import { setup } from "./setup/setup.mjs";

await runMain(async () => {
  await setup();
  return 0;
});
