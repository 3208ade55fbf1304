import { readFileSync, writeFileSync } from "node:fs";

const file = "/proc/sys/fs/inotify/max_user_instances";

/** One machine takes up to 6; the rest is for what else runs on this computer. */
const perMachine = 8;

export function raiseInotifyLimit(machines, note = () => {}) {
  const before = Number(readFileSync(file, "utf8"));
  const wanted = machines * perMachine + 128;
  if (wanted <= before) return () => {};
  writeFileSync(file, String(wanted));
  note(
    `raised fs.inotify.max_user_instances from ${before} to ${wanted} for ${machines} machines, until the end of this run`,
  );
  return () => {
    // Somebody else's change in the meantime is theirs to keep.
    if (Number(readFileSync(file, "utf8")) !== wanted) return;
    writeFileSync(file, String(before));
    note(`put fs.inotify.max_user_instances back to ${before}`);
  };
}
