import { element, type XmlElement } from "./element.js";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** A tag, a comment, a processing instruction, or the text up to the next one. */
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Reads the XML that libvirt writes, and what people write for it: elements, attributes, text, comments and the five
 * entities. A document type, CDATA and entities of its own it has none of; they are refused.
 *
 * @throws Error with the place where a text is no such XML
 */
export function readXml(text: string): XmlElement {
  const root = element("root");
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const parent = open.at(-1) as XmlElement;
    if (!match) throw failure(text, at, "no XML that is understood here");
    const [whole, closes, name, attributes = "", isEmpty] = match;
    if (name === undefined) {
      const isText = !whole.startsWith("<");
      if (isText && whole.trim() !== "") parent.children.push(withoutEntities(whole.trim(), text, at));
    } else if (closes) {
      if (open.length === 1 || parent.name !== name) throw failure(text, at, `</${name}> closes nothing`);
      open.pop();
    } else {
      const child = element(name, attributesOf(attributes, text, at));
      parent.children.push(child);
      if (!isEmpty) open.push(child);
    }
  }
  const [only, ...others] = root.children;
  if (open.length > 1) throw failure(text, text.length, `<${open.at(-1)?.name}> is not closed`);
  if (only === undefined || typeof only === "string" || others.length > 0)
    throw failure(text, 0, "not one element");
  return only;
}

function attributesOf(list: string, text: string, at: number): Record<string, string> {
  const found = [...list.matchAll(ATTRIBUTE)];
  return Object.fromEntries(
    found.map(([, key = "", double, single]) => [key, withoutEntities(double ?? single ?? "", text, at)]),
  );
}

function withoutEntities(value: string, text: string, at: number): string {
  return value.replace(/&([^;]*);/g, (_, entity: string) => {
    const code = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(entity);
    const known = code
      ? String.fromCodePoint(code[1] ? Number.parseInt(code[1], 16) : Number(code[2]))
      : ENTITIES[entity];
    if (known === undefined) throw failure(text, at, `the entity &${entity}; is not known`);
    return known;
  });
}

function failure(text: string, at: number, what: string): Error {
  const line = text.slice(0, at).split("\n").length;
  return new Error(`XML, line ${line}: ${what}: ${JSON.stringify(text.slice(at, at + 60))}.`);
}
