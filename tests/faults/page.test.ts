import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FAST_FAULTS, ROWS } from "./rows/index.js";

/** Rows of the page's tables: what happens, when, and what the machine runs. */
function tableRows(): { row: string; phases: string; runs: string }[] {
  const page = readFileSync(new URL("../../docs/reliability.md", import.meta.url), "utf8");
  let row = "";
  return page
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (what happens|---)/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .map((cells) => {
      const [first = "", ...rest] = cells;
      row = first || row;
      const [phases = "", runs = ""] = cells.length === 4 ? rest : ["", ...rest];
      return { row, phases, runs };
    });
}

const all = ["connecting", "copying", "testing", "confirming", "committing"];
const phasesOf = (text: string) =>
  text === "connecting … committing" ? all : text.split(/, (?!at )/).filter((phase) => phase !== "");

test("the page's tables and the tests have the same rows, phases and ends", () => {
  const onPage = tableRows().flatMap(({ row, phases, runs }) =>
    (phasesOf(phases).length === 0 ? [undefined] : phasesOf(phases)).map((phase) => ({
      title: phase === undefined ? row : `${row}: ${phase}`,
      ends: runs.startsWith("old") ? "old" : "new",
    })),
  );
  const inTests = ROWS.map(({ row, phase, ends }) => ({
    title: phase === undefined ? row : `${row}: ${phase}`,
    ends,
  }));
  const byTitle = (a: { title: string }, b: { title: string }) => a.title.localeCompare(b.title);
  expect(onPage.sort(byTitle)).toEqual(inTests.sort(byTitle));
});

test("the fast half is there", () => {
  expect(FAST_FAULTS).toHaveLength(10);
});
