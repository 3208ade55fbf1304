import { expect, test } from "vitest";
import { parseShownPath } from "./shown-path.js";

test.each([
  ["services.nginx.enable", ["services", "nginx", "enable"]],
  [
    'services.nginx.virtualHosts."shop.example".root',
    ["services", "nginx", "virtualHosts", "shop.example", "root"],
  ],
  ['a."say \\"hi\\"".b-c', ["a", 'say "hi"', "b-c"]],
  ['ports."[definition 1-entry 2]"', ["ports", 1]],
  ["hosts.[definition 1-entry 1].name", ["hosts", 0, "name"]],
  // Which of two definitions is the second, the text does not tell.
  ['ports."[definition 2-entry 1]"', ["ports"]],
  ['broken."quote', undefined],
  ['a"b"', undefined],
])("%s", (text, path) => {
  expect(parseShownPath(text)).toEqual(path);
});
