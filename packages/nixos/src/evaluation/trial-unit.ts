/**
 * The unit of systems that deployments may reboot into: where one is on trial, it waits for the confirmation and goes
 * back without one. It starts as early as its files can be read, and stays where a boot ends in emergency mode.
 */
export const TRIAL_UNIT = {
  systemd: {
    services: {
      "firn-trial": {
        description: "Trial of a system that a deployment booted",
        wantedBy: ["sysinit.target"],
        before: ["shutdown.target"],
        conflicts: ["shutdown.target"],
        unitConfig: {
          DefaultDependencies: false,
          RequiresMountsFor: "/var/lib/firn",
          ConditionPathExists: "/var/lib/firn/trial/activation.sh",
          IgnoreOnIsolate: true,
        },
        serviceConfig: {
          Type: "exec",
          ExecStart: "/bin/sh /var/lib/firn/trial/activation.sh trial",
          Restart: "on-failure",
          RestartSec: 1,
        },
        restartIfChanged: false,
      },
    },
  },
};
