import fc from "fast-check";
import { expect, test } from "vitest";
import { element, find, textOf, type XmlElement } from "./element.js";
import { printXml } from "./print.js";
import { readXml } from "./read.js";

test("values are written so that they stay values", () => {
  const evil = `"/><disk type='file'>&amp;</name>`;
  const domain = element(
    "domain",
    { type: "kvm", id: undefined },
    element("name", {}, evil),
    element("title", { a: evil, b: "two\nlines\tand a tab" }),
    [element("vcpu", {}, 2)],
  );
  expect(printXml(domain)).toBe(
    `<domain type="kvm">
  <name>&quot;/&gt;&lt;disk type=&apos;file&apos;&gt;&amp;amp;&lt;/name&gt;</name>
  <title a="&quot;/&gt;&lt;disk type=&apos;file&apos;&gt;&amp;amp;&lt;/name&gt;" b="two&#10;lines&#9;and a tab"/>
  <vcpu>2</vcpu>
</domain>
`,
  );
  expect(readXml(printXml(domain))).toEqual(domain);
});

test("what XML cannot write is refused, not left out", () => {
  expect(() => printXml(element("name", {}, "a\u0000b"))).toThrow("a character that XML cannot have");
  expect(() => printXml(element('a b="c"'))).toThrow("is no name of XML");
  expect(() => printXml(element("a", { "x y": "1" }))).toThrow("is no name of XML");
  expect(() => printXml(element("a", {}, "text", element("b")))).toThrow("text (text) beside elements");
});

test("what was written is read back, whatever the values are", () => {
  const text = fc
    .string({ unit: "grapheme", minLength: 1 })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them
    .filter((each) => each.trim() === each && !/[\u0000-\u001f\ufffe\uffff]/.test(each));
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
  const { tree } = fc.letrec<{ tree: XmlElement }>((tie) => ({
    tree: fc.record({
      name,
      attributes: fc.dictionary(name, text, { noNullPrototype: true }),
      children: fc.oneof(
        { depthSize: "small" },
        fc.constant<string[]>([]),
        text.map((each) => [each]),
        fc.array(tie("tree"), { maxLength: 3 }),
      ),
    }),
  }));
  fc.assert(
    fc.property(tree, (node) => {
      expect(readXml(printXml(node))).toEqual(node);
    }),
  );
});

test("libvirt's own text is read, and what is none is refused with its place", () => {
  const network = readXml(`<?xml version='1.0'?>
<!-- WARNING: <made> by hand -->
<network connections='2'>
  <name>a &lt; b &#x41;</name>
  <ip address='10.0.0.1'><dhcp><host mac="52:54:00:00:00:01"/></dhcp></ip>
</network>`);
  expect(network.attributes).toEqual({ connections: "2" });
  expect(textOf(find(network, "name"))).toBe("a < b A");
  expect(find(network, "ip", "dhcp", "host")?.attributes.mac).toBe("52:54:00:00:00:01");
  expect(find(network, "ip", "tftp")).toBeUndefined();
  expect(() => readXml("<a>\n<b></a>")).toThrow("XML, line 2: </a> closes nothing");
  expect(() => readXml("<a>")).toThrow("<a> is not closed");
  expect(() => readXml("<a/><b/>")).toThrow("not one element");
  expect(() => readXml("<!DOCTYPE a><a/>")).toThrow("no XML that is understood here");
  expect(() => readXml("<a>&evil;</a>")).toThrow("the entity &evil; is not known");
});
