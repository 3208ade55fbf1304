import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LEFT_OUT } from "./left-out.js";

const page = readFileSync(new URL("../../docs/targets.md", import.meta.url), "utf8");

test.each(Object.entries(LEFT_OUT))(
  "what %s() is not asked, and why, is said in docs/targets.md",
  (name, reasons) => {
    const heading = /^\| behaviour left out.*$/m.exec(page)?.[0] ?? "";
    const column = heading.split("|").findIndex((cell) => cell.trim() === `\`${name}()\``);
    const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
    const said = Object.keys(reasons).map((aspect) => [
      aspect,
      rows.find((row) => row[1] === aspect)?.[column],
    ]);
    expect(said).toEqual(Object.entries(reasons));
  },
);
