import { config, type Keys, type MachineConfig, str } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

/** The agent on machines. */
export interface DatadogAgentArgs {
  /** API key of the account. It goes to the machines as one of their keys, never through the Nix store. */
  readonly apiKey: pulumi.Input<string>;
  /** Where the account is, for example `datadoghq.eu`; default: `datadoghq.com`. */
  readonly site?: string;
  /** Tags of all that the agent reports, for example `team:web`. The stack's and the project's names are added. */
  readonly tags?: readonly string[];
  /** systemd units whose state is reported, with their endings: `nginx.service`. */
  readonly units?: readonly string[];
}

const KEY = "datadog-api-key";

/**
 * Datadog's agent by nixpkgs' `services.datadog-agent`: what a machine's arguments, or the network's `defaults`, need for it.
 *
 * @example new Network("shop", { defaults: datadogAgent({ apiKey: new pulumi.Config().requireSecret("datadogApiKey") }) })
 */
export function datadogAgent(args: DatadogAgentArgs): {
  readonly config: MachineConfig;
  readonly keys: Keys;
} {
  const { site, tags = [], units = [] } = args;
  const [stack, project] = [pulumi.getStack(), pulumi.getProject()];
  const unit = `${KEY}-key.service`;
  return {
    keys: {
      [KEY]: {
        text: pulumi.secret(args.apiKey),
        user: "datadog",
        group: "datadog",
        restart: ["datadog-agent.service"],
      },
    },
    config: {
      services: {
        "datadog-agent": {
          enable: true,
          apiKeyFile: `/run/keys/${KEY}`,
          hostname: str`${config.networking.hostName}.${stack}.${project}`,
          tags: [`firn-stack:${stack}`, `firn-project:${project}`, ...tags],
          ...(site === undefined ? {} : { site }),
          // docs.datadoghq.com/integrations/systemd
          ...(units.length > 0
            ? { checks: { systemd: { init_config: {}, instances: [{ unit_names: [...units] }] } } }
            : {}),
        },
      },
      // Its script reads the key when it starts, and would go on without one.
      systemd: { services: { "datadog-agent": { wants: [unit], after: [unit] } } },
    },
  };
}
