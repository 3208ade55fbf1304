import { expect, test } from "vitest";
import { localHost } from "./local.js";

const host = localHost();

test("runs an argument array and returns what it said", async () => {
  expect(await host.run(["printf", "%s|", "a b", "$HOME"])).toEqual({
    stdout: "a b|$HOME|",
    stderr: "",
    exitCode: 0,
  });
  expect(await host.run(["cat"], { input: "héllo" })).toMatchObject({ stdout: "héllo" });
});

test("lines come while the command runs, whole and in order", async () => {
  const lines: string[] = [];
  await host.run(["sh", "-c", "printf 'a\\nb'; echo c >&2; printf 'd\\n\\ne'"], {
    onLine: (line, stream) => lines.push(`${stream}:${line}`),
  });
  expect(lines.filter((line) => line.startsWith("stdout"))).toEqual([
    "stdout:a",
    "stdout:bd",
    "stdout:",
    "stdout:e",
  ]);
  expect(lines).toContain("stderr:c");
});

test("a failure is thrown unless it is asked for", async () => {
  await expect(host.run(["sh", "-c", "echo no >&2; exit 3"])).rejects.toMatchObject({
    name: "CommandError",
    exitCode: 3,
  });
  expect(await host.run(["sh", "-c", "exit 3"], { check: false })).toMatchObject({ exitCode: 3 });
  await expect(host.run(["no-such-program"])).rejects.toThrow("no-such-program: command not found");
});

test("a command that takes too long or is cancelled is ended", async () => {
  await expect(host.run(["sleep", "30"], { timeoutMs: 100 })).rejects.toThrow("took longer than 0.1 s");
  await expect(host.run(["sleep", "30"], { signal: AbortSignal.timeout(100) })).rejects.toThrow(
    "was cancelled",
  );
});
