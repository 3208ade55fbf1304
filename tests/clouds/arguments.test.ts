import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { useStandIns } from "./stand-ins.js";

/**
 * Everything that can be said of a machine on Google Cloud and on Azure, through the engine and the providers' checks: known
 * and required inputs and their types, as the installed SDKs declare them.
 */
const project = new Project("arguments");

beforeAll(async () => {
  useStandIns(project, ["gcp", "azure-native"]);
  project.program(`import { azure } from "@firn/azure";
import { gcp } from "@firn/gcp";
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05" });
const volumes = { data: { size: 10, mountPoint: "/srv/data" } };
const google = net.machine("google", {
  target: gcp({
    machineType: "e2-small",
    zone: "europe-west3-a",
    diskSize: 40,
    bootDisk: { autoDelete: true, initializeParams: { type: "pd-ssd" } },
    mtu: 8896,
    spot: true,
    stop: "never",
    deletionProtection: true,
    resourcePolicies: "spread",
    labels: { team: "web" },
    tags: ["lb"],
    metadata: { team: "web" },
    serviceAccount: { scopes: ["cloud-platform"] },
    volumes,
    rdns: "web.example.org.",
    dns: { managedZone: "example", name: "web.example.org" },
    transform: { disk: { description: "kept" }, recordSet: { ttl: 60 } },
  }),
});
const inside = net.machine("inside", {
  target: gcp({ machineType: "e2-small", zone: "us-east1-b", address: false, nixosImage: "mine/nixos" }),
});
const micro = net.machine("micro", {
  target: azure({
    vmSize: "Standard_B2s",
    location: "westeurope",
    diskSize: 64,
    ipv6: true,
    spot: true,
    stop: "never",
    zones: ["1"],
    tags: { team: "web" },
    identity: { type: "SystemAssigned" },
    volumes,
    rdns: "web.example.org.",
    dns: { zoneName: "example.org", resourceGroupName: "dns", name: "web.example.org" },
    transform: { networkInterface: { enableAcceleratedNetworking: true }, recordSet: { ttl: 60 } },
  }),
});
net.link(google, micro);
`);
  await project.init();
});
afterAll(() => project.dispose());

test("the providers take every argument, and the first preview shows what each of them becomes", async () => {
  const { exitCode, output } = await project.preview();
  expect(exitCode, output).toBe(0);
  const made = (type: string, name: string) =>
    expect(output).toMatch(new RegExp(`:${type}: .*\\n.*::${name}\\]`));
  for (const name of ["net-google", "net-inside"]) made("Instance", name);
  for (const name of ["net-google", "net-google-ipv6", "net-inside"]) made("Firewall", name);
  for (const name of ["net-google-a", "net-google-aaaa", "net-micro-a", "net-micro-aaaa"])
    made("RecordSet", name);
  for (const name of ["net-europe-west3", "net-us-east1"]) made("Subnetwork", name);
  for (const name of ["net-micro", "net-micro-ipv6"]) made("PublicIPAddress", name);
  made("VirtualMachine", "net-micro");
  for (const text of [
    /provisioningModel *: "SPOT"/,
    /priority *: "Spot"/,
    /mtu *: 8896/,
    /ttl *: 60/,
    /"link-\d+"/,
  ])
    expect(output).toMatch(text);
});

test("what the SDK does not declare is refused by name", async () => {
  project.write("index.ts", project.read("index.ts").replace("{ scopes: [", "{ scope: ["));
  const { exitCode, output } = await project.preview();
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/serviceAccount\.scope value .* unknown property; known are email, scopes/);
});
