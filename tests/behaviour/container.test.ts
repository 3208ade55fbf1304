import { existsSync, readdirSync } from "node:fs";
import { ensureImage } from "@firn/container/image";
import { siteOf } from "../../packages/container/src/site.js";
import type { Project } from "../e2e/project.js";
import { containerOf } from "../lab/lab.js";
import { LEFT_OUT } from "./left-out.js";
import { behaviours } from "./suite.js";
import type { Ground } from "./under-test.js";

const home = await ensureImage();
/** Another path is another image to the target, and the same one to this computer. */
const away = `${home}/.`;

behaviours({
  name: "container",
  imports: "",
  target: ({ size = "small", region = "home" }) =>
    `container({ memory: ${{ small: 400, large: 500 }[size]}, image: ${JSON.stringify({ home, away }[region])} })`,
  kinds: { server: "Container" },
  inputs: { size: "memory", region: "image" },
  resizeReboots: false,
  leftOut: LEFT_OUT.container,
  standsOn: groundOf,
});

/** This computer; machines are found by the directories that they have in the state directory. */
function groundOf(project: Project): Ground {
  const all = () => {
    // Without machines there is no state directory.
    const { directory } = siteOf();
    const names = existsSync(directory) ? readdirSync(directory) : [];
    return names.filter((name) => name.startsWith(`${project.name}-dev-net-`));
  };
  let known: readonly string[] = [];
  const idOf = (machine: string) => {
    const id = all().find((each) => each.startsWith(`${project.name}-dev-net-${machine}-`));
    if (!id) throw new Error(`no machine ${machine}`);
    return id;
  };
  return {
    requests: () => {
      const now = all();
      const made = now.filter((id) => !known.includes(id));
      known = now;
      return made;
    },
    left: () => all(),
    server: async (name) => ({ id: idOf(name), machine: idOf(name) }),
    lose: (name) => containerOf(idOf(name)).remove(),
    tire: () => {},
    heal: () => {},
    refuseServers: () => ({
      message: "The image /nonexistent has no /sbin/init",
      target: `container({ image: "/nonexistent" })`,
    }),
  };
}
