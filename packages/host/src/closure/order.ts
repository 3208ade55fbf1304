import type { PathInfo } from "./serve.js";

/** Store paths in an order in which each comes after those that it refers to: the only one in which a store takes them. */
export function referencesFirst(infos: readonly PathInfo[]): PathInfo[] {
  const byPath = new Map(infos.map((info) => [info.path, info]));
  const seen = new Set<PathInfo>();
  const ordered: PathInfo[] = [];
  for (const start of infos) {
    // Without recursion: a chain of references may be as long as the closure.
    const stack = seen.has(start) ? [] : [{ info: start, next: 0 }];
    seen.add(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const reference = top.info.references[top.next];
      top.next += 1;
      const info = reference === undefined ? undefined : byPath.get(reference);
      if (reference === undefined) {
        ordered.push(top.info);
        stack.pop();
      } else if (info !== undefined && !seen.has(info)) {
        seen.add(info);
        stack.push({ info, next: 0 });
      }
    }
  }
  return ordered;
}
