import { parseHostKey } from "@firn/host";
import { print } from "@firn/nix";
import { expect, test } from "vitest";
import { knownHosts, UNKNOWN_HOST_KEY } from "./known-hosts.js";

test("peers are known by name and address, authorities by their patterns too", () => {
  expect(parseHostKey(UNKNOWN_HOST_KEY).type).toBe("ssh-ed25519");
  const peers = [
    { name: "db", addresses: ["10.0.0.2"], hostKey: `${UNKNOWN_HOST_KEY} root@db` },
    { name: "web", addresses: ["web"], hostKey: `@cert-authority *.example,web ${UNKNOWN_HOST_KEY}` },
  ];
  expect(
    print(knownHosts(peers) as never).replaceAll(UNKNOWN_HOST_KEY, "ssh-ed25519 KEY"),
  ).toMatchInlineSnapshot(`
    "{
      firn-db = {
        hostNames = [ "db" "10.0.0.2" ];
        publicKey = "ssh-ed25519 KEY";
      };
      firn-web = {
        certAuthority = true;
        hostNames = [ "web" "*.example" ];
        publicKey = "ssh-ed25519 KEY";
      };
    }"
  `);
});
