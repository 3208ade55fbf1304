import { readdirSync, readFileSync } from "node:fs";

export interface PeakRss {
  program: number;
  provider: number;
  nix: number;
}

/** Samples the peak memory, in MB, of the processes below one process until `stop` is called. */
export function watchMemory(root: number): { stop(): PeakRss; nixProcesses(): number } {
  const peak: PeakRss = { program: 0, provider: 0, nix: 0 };
  const nix = new Set<string>();
  const timer = setInterval(() => {
    let nixMb = 0;
    for (const pid of descendants(root)) {
      const kind = kindOf(pid);
      if (!kind) continue;
      if (kind === "nix") {
        nix.add(pid);
        nixMb += highWaterMb(pid); // several may run side by side
      } else peak[kind] = Math.max(peak[kind], highWaterMb(pid));
    }
    peak.nix = Math.max(peak.nix, nixMb);
  }, 50);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
    nixProcesses: () => nix.size,
  };
}

function kindOf(pid: string): keyof PeakRss | undefined {
  const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
  if (/^\S*nix-(instantiate|store)|^\S*nix /.test(command)) return "nix";
  if (/@pulumi\/pulumi\/cmd\/dynamic-provider/.test(command)) return "provider";
  if (/@pulumi\/pulumi\/cmd\/run/.test(command)) return "program";
  return undefined;
}

function highWaterMb(pid: string): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024);
}

/** Parents by process. Asked once a process: looking takes time that the measured ones need. */
const parents = new Map<string, string>();

function descendants(root: number): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const alive = new Set(pids);
  for (const pid of parents.keys()) if (!alive.has(pid)) parents.delete(pid);
  for (const pid of pids)
    if (!parents.has(pid)) parents.set(pid, /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? "");
  const isBelow = (pid: string): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === String(root) || isBelow(parent));
  };
  return [String(root), ...pids.filter(isBelow)];
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // the process ended meanwhile
  }
}
