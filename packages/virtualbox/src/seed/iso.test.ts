import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isoImage } from "./iso.js";

const directory = mkdtempSync(join(tmpdir(), "firn-iso-"));
afterAll(() => rmSync(directory, { recursive: true }));

const FILES = { "user-data": "#cloud-config\n{}\n", "meta-data": "x".repeat(5000), "network-config": "" };

test("others read the image as a CD that is called cidata, with the names as they are", () => {
  const file = join(directory, "seed.iso");
  writeFileSync(file, isoImage("cidata", FILES));
  // Read by the standard, and not by the code that wrote it.
  execFileSync("python3", ["-c", READ, file, directory]);
  expect(JSON.parse(readFileSync(join(directory, "found.json"), "utf8"))).toEqual({
    label: "cidata",
    files: { ...FILES },
  });
});

/** Reads the image by the standard, starting from Joliet's descriptor, as Linux and libarchive do. */
const READ = `
import json, struct, sys
data = open(sys.argv[1], "rb").read()
sector = lambda n: data[n * 2048:(n + 1) * 2048]
assert len(data) % 2048 == 0
primary, joliet, end = sector(16), sector(17), sector(18)
assert [primary[0], joliet[0], end[0]] == [1, 2, 255]
assert all(s[1:6] == b"CD001" for s in (primary, joliet, end))
assert struct.unpack("<I", primary[80:84])[0] * 2048 == len(data) == struct.unpack(">I", primary[84:88])[0] * 2048
assert joliet[88:91] == b"%/E"
def entries(root):
    block, size = struct.unpack("<I", root[2:6])[0], struct.unpack("<I", root[10:14])[0]
    at, found = block * 2048, []
    while data[at]:
        entry = data[at:at + data[at]]
        assert len(entry) % 2 == 0
        name = entry[33:33 + entry[32]]
        start, length = struct.unpack("<I", entry[2:6])[0], struct.unpack("<I", entry[10:14])[0]
        if not entry[25] & 2: found.append((name, data[start * 2048:start * 2048 + length].decode()))
        at += data[at]
    return found
plain = entries(primary[156:190])
assert [n for n, _ in plain] == [b"META-DATA;1", b"NETWORK-CONFIG;1", b"USER-DATA;1"], plain
found = {name.decode("utf-16-be"): text for name, text in entries(joliet[156:190])}
assert [t for _, t in plain] == [found[n] for n in sorted(found)]
json.dump({"label": joliet[40:72].decode("utf-16-be").strip(), "files": found}, open(sys.argv[2] + "/found.json", "w"))
`;
