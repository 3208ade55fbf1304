import { expect, test } from "vitest";
import { redactor } from "./redact.js";

const redact = redactor([
  { name: "password", value: Buffer.from("hunter2\n") },
  { name: "longer", value: Buffer.from("hunter2hunter2") },
  { name: "pin", value: Buffer.from("42") },
  { name: "json", value: Buffer.from('{\n  "a": 1,\n  "token": "abcdefgh"\n}\n') },
]);

test.each([
  ["wrong password: hunter2!", "wrong password: [key password]!"],
  ["hunter2hunter2 and hunter2", "[key longer] and [key password]"],
  ['line 3: "token": "abcdefgh"', "line 3: [key json]"],
  ["42 units, { }", "42 units, { }"],
])("%s", (text, expected) => {
  expect(redact(text)).toBe(expected);
});
