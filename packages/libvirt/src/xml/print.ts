import type { XmlElement } from "./element.js";

/** What a name may be in XML, as far as libvirt has such names (w3.org/TR/xml, "Name"). */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_.-]*)?$/;

/** Characters that XML 1.0 has no way to write (w3.org/TR/xml, "Char"). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // Readers make spaces of these where they stand bare in an attribute.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/**
 * Writes an element as XML, two spaces a level.
 *
 * @throws Error where a name or a character is none of XML
 */
export function printXml(node: XmlElement): string {
  return `${lines(node, "").join("\n")}\n`;
}

function lines(node: XmlElement, indent: string): string[] {
  const attributes = Object.entries(node.attributes).map(
    ([key, value]) => ` ${checkedName(key)}="${escaped(value)}"`,
  );
  const open = `${indent}<${checkedName(node.name)}${attributes.join("")}`;
  const texts = node.children.filter((child) => typeof child === "string");
  if (node.children.length === 0) return [`${open}/>`];
  if (texts.length === node.children.length) return [`${open}>${escaped(texts.join(""))}</${node.name}>`];
  if (texts.length > 0)
    throw new Error(`<${node.name}> has text (${texts.join(" ").slice(0, 40)}) beside elements.`);
  const inner = node.children.flatMap((child) => lines(child as XmlElement, `${indent}  `));
  return [`${open}>`, ...inner, `${indent}</${node.name}>`];
}

function checkedName(name: string): string {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name of XML.`);
  return name;
}

function escaped(text: string): string {
  if (IMPOSSIBLE.test(text))
    throw new Error(`${JSON.stringify(text.slice(0, 80))} has a character that XML cannot have.`);
  return text.replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
