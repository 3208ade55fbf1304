import { expect, test } from "vitest";
import { transformed } from "./transform.js";

interface Args {
  size: string;
  backups?: boolean;
}
const args: Args = { size: "small" };

test("arguments are put over the target's, and a function edits arguments and options", () => {
  expect(transformed<Args>(undefined, "web", args, {})).toEqual(["web", args, {}]);
  expect(transformed<Args>({ backups: true }, "web", args, {})[1]).toEqual({ size: "small", backups: true });
  const opts = { protect: false };
  const edited = transformed<Args>(
    (own, options, name) => {
      own.size = name;
      options.protect = true;
    },
    "web",
    args,
    opts,
  );
  expect(edited).toEqual(["web", { size: "web" }, { protect: true }]);
  expect([args.size, opts.protect]).toEqual(["small", false]);
});
