import { ContainerError } from "../errors.js";
import { ensureImage } from "./ensure.js";

// Makes the default image unless it is there, and prints its directory.
ensureImage((line) => process.stderr.write(`${line}\n`)).then(
  (image) => process.stdout.write(`${image}\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof ContainerError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  },
);
