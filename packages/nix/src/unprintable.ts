/** What a value is that Nix has nothing like, and what to do about it. */
export function describeUnprintable(value: unknown): [found: string, advice: string] {
  if (value === undefined)
    return [
      "undefined",
      "Leave the name out, or give null; a spread such as ...(on ? { name: value } : {}) leaves it out.",
    ];
  if (typeof value === "function")
    return [
      `the function ${value.name || "(anonymous)"}`,
      "For a Nix function write fn((x) => …); to use its result, call it.",
    ];
  if (typeof value === "symbol") return [String(value), "Give a string."];
  const name = className(value as object);
  return [
    `an instance of ${name}`,
    ADVICE[name] ??
      "Give plain values: objects without a class, arrays, strings, numbers, booleans and null.",
  ];
}

const ADVICE: Readonly<Record<string, string>> = {
  Date: "Give it as text: date.toISOString().",
  Map: "Give an object: Object.fromEntries(map).",
  Set: "Give an array: [...set].",
  Promise: "Await it first.",
  Output: "Its value is not known here; put the Output into a machine's config, or use it inside apply().",
  Buffer: "Give text: buffer.toString().",
  URL: "Give it as text: url.href.",
  RegExp: "Give it as text: regex.source.",
};

function className(value: object): string {
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  if (name === "OutputImpl") return "Output"; // Pulumi's own name for it
  return typeof name === "string" && name !== "" ? name : "a class";
}
