import type { KeysOnMachine } from "@firn/host";
import { keyDigest } from "./digest.js";
import type { KeyState, KeysInState } from "./state.js";

/** What a refresh puts into the state: keys as they are on the machine, whose digest is `missing` where they are not. */
export function keysFound(props: KeysInState, machine: KeysOnMachine): Record<string, KeyState> {
  return Object.fromEntries(
    Object.entries(props.keys ?? {}).map(([name, key]): [string, KeyState] => {
      const found = machine.files.get(key.path);
      if (!found) return [name, { ...key, digest: "missing" }];
      const digest = keyDigest(props.keyDigestSecret ?? "", found.sha256);
      return [
        name,
        {
          ...key,
          digest,
          // A number in the program stays a number.
          user: key.user === found.uid ? key.user : found.user,
          group: key.group === found.gid ? key.group : found.group,
          permissions: found.permissions,
        },
      ];
    }),
  );
}
