import { chmodSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "../e2e/project.js";
import { until } from "./until.js";

/** Holds the deployer when it starts a program with certain arguments. */
export class DeployerGate {
  private readonly name: string;

  /** @param argument a shell pattern that must match one of the program's arguments */
  constructor(
    private readonly project: Project,
    program: string,
    argument: string,
  ) {
    this.name = `gates/${program}`;
    const path = (file: string) => join(project.directory, this.name, file);
    project.write(
      `${this.name}/bin/${program}`,
      `#!/bin/sh
PATH=\${PATH#*:}
for argument; do
  case $argument in ${argument}) held=yes ;; esac
done
if [ -n "\${held-}" ] && [ -e '${path("held")}' ]; then
  : >'${path("reached")}'
  while [ -e '${path("held")}' ]; do sleep 0.05; done
fi
exec ${program} "$@"
`,
    );
    chmodSync(path(`bin/${program}`), 0o755);
    project.prependPath(`${this.name}/bin`);
  }

  hold(): void {
    rmSync(join(this.project.directory, this.name, "reached"), { force: true });
    this.project.write(`${this.name}/held`, "");
  }

  release(): void {
    rmSync(join(this.project.directory, this.name, "held"), { force: true });
  }

  reached(): Promise<void> {
    return until(`the deployer comes to ${this.name}`, () =>
      existsSync(join(this.project.directory, this.name, "reached")),
    );
  }
}
