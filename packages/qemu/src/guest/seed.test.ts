import { expect, test } from "vitest";
import { isoImage } from "./iso9660.js";
import { seedImage } from "./seed.js";

/** Reads the files of an image as its directory says. */
function filesOf(image: Buffer): Record<string, string> {
  const files: Record<string, string> = {};
  const root = image.readUInt32LE(16 * 2048 + 156 + 2) * 2048;
  for (let at = root; (image[at] ?? 0) > 0; at += image[at] ?? 0) {
    const name = image.toString("latin1", at + 33, at + 33 + (image[at + 32] ?? 0));
    const start = image.readUInt32LE(at + 2) * 2048;
    if (!((image[at + 25] ?? 0) & 2))
      files[name] = image.toString("utf8", start, start + image.readUInt32LE(at + 10));
  }
  return files;
}

test("a seed says who the machine is, which host key it has and who may log in", () => {
  const seed = {
    id: "a-1",
    hostname: "a",
    hostPublicKey: "PUBLIC",
    hostPrivateKey: "PRIVATE\n",
    deployPublicKey: "DEPLOY",
  };
  const image = seedImage(seed);
  expect(image.toString("latin1", 16 * 2048 + 40, 16 * 2048 + 46)).toBe("cidata");
  const { "META-DATA;1": meta = "", "USER-DATA;1": user = "" } = filesOf(image);
  expect(JSON.parse(meta)).toEqual({ "instance-id": "a-1", "local-hostname": "a" });
  expect(user.startsWith("#cloud-config\n")).toBe(true);
  expect(JSON.parse(user.slice("#cloud-config\n".length))).toMatchObject({
    disable_root: false,
    ssh_keys: { ed25519_private: "PRIVATE\n", ed25519_public: "PUBLIC" },
    ssh_authorized_keys: ["DEPLOY"],
  });
  expect(seedImage(seed).equals(image)).toBe(true);
});

test("files may be longer than a sector, or empty", () => {
  const long = "x".repeat(5000);
  const image = isoImage("cidata", { "user-data": long, "meta-data": "" });
  expect(filesOf(image)).toEqual({ "META-DATA;1": "", "USER-DATA;1": long });
  expect(image.length).toBe(image.readUInt32LE(16 * 2048 + 80) * 2048);
});
