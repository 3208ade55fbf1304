import { expect, test } from "vitest";
import { inotifyRefusal } from "./limits.js";

test("as many machines as the limit of inotify instances carries, and not one more", () => {
  expect(inotifyRefusal(21, 128)).toBeUndefined();
  expect(inotifyRefusal(22, 128)).toBe(
    "22 machines on this computer need 132 inotify instances, and it allows 128: run `sysctl -w fs.inotify.max_user_instances=1024` and try again.",
  );
  expect(inotifyRefusal(1000, 1024)).toContain("fs.inotify.max_user_instances=12000");
});
