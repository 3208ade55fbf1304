import { expect, test } from "vitest";
import { lostFromSight } from "./activation-error.js";
import type { ActivationReport } from "./report.js";

const timeouts = { confirmTimeoutS: 60, rebootTimeoutS: 600 };
const report = (isDefault: boolean) =>
  ({
    toplevel: "/nix/store/new",
    fallback: { toplevel: "/nix/store/old", generation: "41", isDefault },
  }) as ActivationReport;

test("a machine that does not come back from a reboot: what to do depends on its boot loader", () => {
  const once = lostFromSight("web", report(true), new Error("timed out"), timeouts).message;
  expect(once).toContain("web did not answer for 600 s after its reboot into /nix/store/new: timed out");
  expect(once).toContain("180 s after its boot it boots /nix/store/old again");
  expect(once).toContain("start the new system once only, so that it starts /nix/store/old then");
  const other = lostFromSight("web", report(false), undefined, timeouts).message;
  expect(other).toContain("choose generation 41 in its boot menu");
  expect(other).toContain(
    'nixos-enter -c "nix-env -p /nix/var/nix/profiles/system --switch-generation 41 && /nix/var/nix/profiles/system/bin/switch-to-configuration boot"',
  );
});

test("without a reboot it goes back by itself", () => {
  expect(lostFromSight("web", undefined, undefined, timeouts).message).toContain(
    "when no confirmation reaches it within 60 s",
  );
});
