import { expect, test } from "vitest";
import { qrCode } from "./qr.js";

test("a code has light margins, whatever the colours of the terminal are", () => {
  const lines = qrCode("firn").split("\n");
  for (const line of lines) {
    expect(line.startsWith("\u001b[97;40m██") || line.startsWith("\u001b[97;40m▀▀")).toBe(true);
    expect(line.endsWith("\u001b[0m")).toBe(true);
  }
  // 21 modules and a margin of 2 on both sides, two rows a line.
  expect(lines).toHaveLength(13);
});

test("a text that no code holds is an error", () => {
  expect(() => qrCode("x".repeat(3000))).toThrow();
});
