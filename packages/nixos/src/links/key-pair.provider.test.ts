import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { generateWireguardKeys, wireguardKeyPair } from "./key-pair.provider.js";

test("wg itself derives the same public key from the private one", () => {
  const { publicKey, privateKey } = generateWireguardKeys();
  expect(execFileSync("wg", ["pubkey"], { input: privateKey, encoding: "utf8" }).trim()).toBe(publicKey);
});

test("a rotation makes another pair and remembers the public half of the old one", async () => {
  const { outs: olds } = await wireguardKeyPair.create({ name: "a", rotation: 0 });
  expect(olds?.previousPublicKey).toBe("");
  const { outs: news } = await wireguardKeyPair.update("a", olds as never, { name: "a", rotation: 1 });
  expect(news?.previousPublicKey).toBe(olds?.publicKey);
  expect(news?.publicKey).not.toBe(olds?.publicKey);
});

test("nothing but the rotation changes a pair", async () => {
  const { outs } = await wireguardKeyPair.create({ name: "a", rotation: 0 });
  expect(await wireguardKeyPair.diff("a", outs as never, { name: "a", rotation: 0 })).toEqual({
    changes: false,
  });
  expect(await wireguardKeyPair.diff("a", outs as never, { name: "a", rotation: 1 })).toEqual({
    changes: true,
  });
});
