import { expect, test } from "vitest";
import { neighboursOf } from "./neighbours.js";

const machine = (
  name: string,
  more: { privateNetwork?: string; privateAddress?: string; address?: string },
) => ({
  machine: { machineName: name, linkedWith: new Set<string>() },
  privateAddress: "10.0.0.1",
  address: "203.0.113.1",
  privateNetwork: undefined,
  reachedAt: undefined,
  hostKey: undefined,
  ...more,
});

test("machines of one private network name each other's private addresses, others public ones", () => {
  const web = machine("web", { privateNetwork: "hcloud/shop/eu-central", privateAddress: "10.0.0.2" });
  const db = machine("db", { privateNetwork: "hcloud/shop/eu-central", privateAddress: "10.0.0.3" });
  const far = machine("far", { privateNetwork: "hcloud/shop/us-east", address: "203.0.113.4" });
  const other = machine("other", { privateNetwork: "digitalocean/shop/fra1", address: "203.0.113.5" });
  const home = machine("home", { privateAddress: "192.168.1.6" });
  const all = [web, db, far, other, home];
  expect(neighboursOf(web, all).hosts).toEqual({
    db: "10.0.0.3",
    far: "203.0.113.4",
    other: "203.0.113.5",
    home: "192.168.1.6",
  });
  expect(neighboursOf(far, all).hosts).toMatchObject({ web: "203.0.113.1", db: "203.0.113.1" });
  expect(neighboursOf(home, all).hosts).toMatchObject({ web: "203.0.113.1" });
});
