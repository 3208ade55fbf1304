import { setTimeout as sleep } from "node:timers/promises";
import { activate, connect } from "@firn/host";

// A deployer that tests can kill: it takes what to deploy from its environment and never comes to confirm.
const { target, toplevel, reboot } = JSON.parse(process.env.FIRN_DEPLOYER ?? "{}");
const host = await connect(target);
await activate(host, {
  toplevel,
  goal: "switch",
  owner: "killed@deployer",
  reboot,
  confirmTimeoutS: 5,
  reconnect: async () => {
    await sleep(600_000);
    return connect(target);
  },
});
