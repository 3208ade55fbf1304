import fc from "fast-check";
import { expect, test } from "vitest";
import { EndedEarly, WireReader, WireWriter } from "./wire.js";

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test("what was written is read again, in whatever pieces it comes", async () => {
  const values = fc.array(
    fc.oneof(fc.nat(2 ** 53 - 1), fc.string({ unit: "binary" }), fc.array(fc.string())),
  );
  await fc.assert(
    fc.asyncProperty(values, fc.integer({ min: 1, max: 40 }), async (written, size) => {
      const writer = new WireWriter();
      for (const value of written)
        typeof value === "number"
          ? writer.number(value)
          : typeof value === "string"
            ? writer.string(value)
            : writer.list(value);
      const reader = new WireReader(chunked(writer.bytes(Buffer.from("rest")).take(), size));
      for (const value of written)
        expect(
          await reader.read((cursor) =>
            typeof value === "number"
              ? cursor.number()
              : typeof value === "string"
                ? cursor.string()
                : cursor.list(),
          ),
        ).toEqual(value);
      let rest = "";
      while (rest.length < 4) rest += await reader.some(4 - rest.length);
      expect(rest).toBe("rest");
    }),
  );
});

test("bytes are as Nix writes them", () => {
  const writer = new WireWriter().number(0x390c9deb).list(["abc"]);
  expect(writer.take().toString("hex")).toBe(
    `eb9d0c3900000000${"0100000000000000"}${"0300000000000000"}${"6162630000000000"}`,
  );
});

test("a stream that ends in the middle is told from one that is only slow", async () => {
  const torn = new WireReader(chunked(new WireWriter().string("abc").take().subarray(0, 12), 5));
  await expect(torn.read((cursor) => cursor.string())).rejects.toThrow(EndedEarly);
});
