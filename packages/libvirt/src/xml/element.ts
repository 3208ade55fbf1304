/** An element of XML as plain data, so that it can lie in Pulumi's state and be compared there. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  /** Elements, or the text of an element that has nothing else. */
  readonly children: (XmlElement | string)[];
}

/** What stands for an attribute or a text; `undefined` leaves an attribute out. */
export type XmlValue = string | number | boolean | undefined;

/**
 * Makes an element. Values are kept as they are: what they need of escapes, {@link printXml} writes.
 *
 * @example element("disk", { type: "volume" }, element("readonly"))
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, XmlValue>> = {},
  ...children: readonly (XmlElement | XmlValue | readonly XmlElement[])[]
): XmlElement {
  return {
    name,
    attributes: Object.fromEntries(
      Object.entries(attributes).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, String(value)]],
      ),
    ),
    children: children.flat().flatMap((child) => {
      if (child === undefined) return [];
      return [typeof child === "object" ? (child as XmlElement) : String(child)];
    }),
  };
}

/** The child elements with a name. */
export function childrenOf(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter(
    (child): child is XmlElement => typeof child !== "string" && child.name === name,
  );
}

/**
 * The first element at a path below another one.
 *
 * @example find(domain, "devices", "disk")
 */
export function find(parent: XmlElement, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (at, name) => (at === undefined ? undefined : childrenOf(at, name)[0]),
    parent,
  );
}

/** The text of an element without elements. */
export function textOf(parent: XmlElement | undefined): string {
  return (parent?.children ?? [])
    .filter((child) => typeof child === "string")
    .join("")
    .trim();
}
