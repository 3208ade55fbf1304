import { spawn } from "node:child_process";
import { access, constants, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Accelerator } from "./command-line.js";

/** A machine that computes ends within a tenth of a second. */
const TIMEOUT_MS = 3_000;
const ROM_SIZE = 65_536;

let found: Promise<Accelerator> | undefined;

/** What this computer's virtual machines run on: its hardware where that works, found out once in a process. */
export function accelerator(): Promise<Accelerator> {
  found ??= find();
  return found;
}

async function find(): Promise<Accelerator> {
  if (process.platform === "darwin") return process.arch === "x64" ? "hvf" : "tcg";
  const mayUse = await access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return mayUse && (await runs("kvm")) ? "kvm" : "tcg";
}

/**
 * Whether a machine really computes. In some virtual machines KVM says that it is there, runs firmware, and fails at
 * what compilers make of a kernel today: so one is started whose firmware does such a thing and ends it.
 */
export async function runs(kind: Accelerator): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), "firn-kvm-"));
  try {
    const file = join(directory, "rom");
    const flags = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
    await writeFile(file, probe(/^flags.*\bbmi2\b/m.test(flags)));
    const machine = [
      "-machine",
      "q35",
      "-accel",
      kind,
      "-cpu",
      "max",
      "-m",
      "16",
      "-nodefaults",
      "-no-reboot",
    ];
    const ending = ["-device", "isa-debug-exit,iobase=0xf4,iosize=0x01"];
    const args = [...machine, "-display", "none", "-bios", file, ...ending];
    // It must not compute on where nobody is left to end it.
    const child = spawn("sh", ["-c", 'ulimit -t 2; exec qemu-system-x86_64 "$@"', "sh", ...args], {
      stdio: "ignore",
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const code = await new Promise((resolve) => {
      child.once("error", () => resolve(-1));
      child.once("close", resolve);
    });
    // The device ends QEMU with 2 * 16 + 1.
    return code === 33;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Firmware that enters protected mode, computes 16, and writes it to the port 0xf4. */
function probe(hasBmi2: boolean): Buffer {
  const rom = Buffer.alloc(ROM_SIZE, 0xf4);
  const at = (offset: number, ...bytes: readonly number[]) => Buffer.from(bytes).copy(rom, offset);
  // Where a processor starts: jmp 0x100
  at(0xfff0, 0xe9, 0x0d, 0x01);
  // cli; lgdt cs:[0x200]; mov eax, cr0; or al, 1; mov cr0, eax; jmp 8:0xffff0180
  at(0x100, 0xfa, 0x2e, 0x66, 0x0f, 0x01, 0x16, 0x00, 0x02, 0x0f, 0x20, 0xc0, 0x0c, 0x01, 0x0f, 0x22, 0xc0);
  at(0x110, 0x66, 0xea, 0x80, 0x01, 0xff, 0xff, 0x08, 0x00);
  // mov ecx, 1; mov eax, 8; shlx eax, eax, ecx, or shl eax, 1 on processors before 2013; out 0xf4, al
  at(0x180, 0xb9, 0x01, 0x00, 0x00, 0x00, 0xb8, 0x08, 0x00, 0x00, 0x00);
  at(0x18a, ...(hasBmi2 ? [0xc4, 0xe2, 0x71, 0xf7, 0xc0] : [0xd1, 0xe0, 0x90, 0x90, 0x90]), 0xe6, 0xf4);
  // Limit and place of the descriptors: none, and code over all of the memory.
  at(0x200, 0x0f, 0x00, 0x10, 0x02, 0xff, 0xff);
  at(0x210, ...Array<number>(8).fill(0), 0xff, 0xff, 0x00, 0x00, 0x00, 0x9a, 0xcf, 0x00);
  return rom;
}
