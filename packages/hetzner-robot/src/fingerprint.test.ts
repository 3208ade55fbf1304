import { expect, test } from "vitest";
import { isFingerprintOf, md5Fingerprint } from "./fingerprint.js";

/** From `ssh-keygen -lf`, with `-E md5` and without. */
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const md5 = "65:96:2d:fc:e8:d5:a9:11:64:0c:0f:ea:00:6e:5b:bd";
const sha256 = "+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

test("fingerprints are told in both notations of ssh", () => {
  expect(md5Fingerprint(`${key} comment`)).toBe(md5);
  for (const fingerprint of [md5, `MD5:${md5}`, md5.toUpperCase(), sha256, `SHA256:${sha256}`, `${sha256}=`])
    expect(isFingerprintOf(fingerprint, key), fingerprint).toBe(true);
  for (const fingerprint of ["", "SHA256:", sha256.toLowerCase(), md5.slice(3)])
    expect(isFingerprintOf(fingerprint, key), fingerprint).toBe(false);
});
