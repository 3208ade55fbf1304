import { spawn } from "node:child_process";

/**
 * Runs `npm install` in a folder and hands on what it prints.
 *
 * @param {string} directory
 * @param {(stream: "stdout" | "stderr", chunk: Buffer) => void} print
 * @returns {{ process: import("node:child_process").ChildProcess, done: Promise<void> }} `done` rejects on failure
 */
export function streamInstall(directory, print) {
  const npm = spawn("npm", ["install", "--loglevel=error"], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  npm.stdout.on("data", (chunk) => print("stdout", chunk));
  npm.stderr.on("data", (chunk) => print("stderr", chunk));
  const done = new Promise((resolve, reject) => {
    npm.once("error", (error) => reject(new Error(`npm did not start: ${error.message}`)));
    npm.once("close", (code) =>
      code === 0
        ? resolve(undefined)
        : reject(new Error(`npm install in ${directory} exited with code ${code}`)),
    );
  });
  return { process: npm, done };
}
