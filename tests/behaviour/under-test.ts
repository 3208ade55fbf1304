import type { Project } from "../e2e/project.js";

/** How the suite makes a machine of a target. */
export interface TargetOptions {
  readonly size?: "small" | "large";
  /** Another one is another machine; on clouds, two regions whose private networks do not reach each other. */
  readonly region?: "home" | "away";
  /** TypeScript of its volumes. */
  readonly volumes?: string;
}

/** What some targets have and others have not; `docs/targets.md` has a row of each. */
export type Aspect =
  | "firewall"
  | "private addresses"
  | "labels"
  | "first boot"
  | "refused resize"
  | "volumes"
  | "regions"
  | "lost answers";

/** What the suite must know of a target. */
export interface TargetUnderTest {
  /** Last part of its package's name. */
  readonly name: string;
  /** Line that imports the target. */
  readonly imports: string;
  /** TypeScript of the target. */
  target(options: TargetOptions): string;
  /** Kinds of its resources, as the last part of their type. */
  readonly kinds: { readonly server: string; readonly volume?: string };
  /** Inputs of a server that say its size, and what makes it another one. */
  readonly inputs: { readonly size: string; readonly region: string };
  /** Whether another size reboots the machine. Default true. */
  readonly resizeReboots?: boolean;
  /** Behaviours that cannot be asked of the target, with the reason, which `docs/targets.md` repeats. */
  readonly leftOut: Readonly<Partial<Record<Aspect, string>>>;
  /** Prepares a project, and tells how the suite sees and breaks what the target stands on. */
  standsOn(project: Project): Ground;
}

/** A server as the suite looks at it, from below. */
export interface Server {
  /** What the target calls it. */
  readonly id: string;
  /** Id of the machine on this computer that it is. */
  readonly machine: string;
}

/** What a target stands on: a cloud's stand-in, a hypervisor's, this computer. */
export interface Ground {
  /** What was asked of it since the last call: each request changes something or costs something. */
  requests(): string[];
  /** Everything that there is of the project. */
  left(): string[];
  server(name: string): Promise<Server>;
  /** Somebody deletes a server behind Pulumi's back. */
  lose(name: string): Promise<void>;
  /** Has it be slow and ask for patience, until {@link heal}. */
  tire(): void;
  /** It works again as it should. */
  heal(): void;
  /**
   * No further server can be had, until {@link heal}.
   *
   * @returns what the user is told; and TypeScript of a target that cannot be had, where the ground itself cannot fail
   */
  refuseServers(): { readonly message: string; readonly target?: string };
  readonly firewall?: { openPorts(machine: string): string[] };
  readonly labels?: { of(server: string): Promise<unknown>; readonly expected: unknown };
  /** What a server's first boot was told, and the URL where the server finds it, if there is one. */
  readonly firstBoot?: { told(server: string): Promise<string>; readonly url: string };
  /** No other size can be had, until {@link heal}. @returns what the user is told */
  refuseResize?(): string;
  volumes?(): number;
  /** Where a server's peers in another region reach it. */
  addressAcrossRegions?(server: string): Promise<string>;
  /** The next server is made, and the answer is lost, until {@link heal}. @returns what the user is told */
  loseAnswer?(): string;
}
