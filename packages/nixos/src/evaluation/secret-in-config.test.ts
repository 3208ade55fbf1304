import { expect, test } from "vitest";
import { SecretInConfigError } from "./secret-in-config.js";

test("the message names the option, and has the line that solves it", () => {
  const error = new SecretInConfigError(["services", "minidb", "data", "pass.word"]);
  expect(error.message).toMatchInlineSnapshot(`
    "the option services.minidb.data."pass.word" is a secret, and everyone can read what is in a configuration: it ends in the Nix store.
      Give it to the machine as a key, with the same output as \`secret\`:
          keys: { "pass-word": { text: secret } },
      and name its file, /run/keys/pass-word, in an option that takes one: they often end in "File". See docs/how-to/secrets.md."
  `);
});

test.each([
  [["environment", "etc", "app.env", "text"], "app-env"],
  [["services", "x", "users", 0, "password"], "password"],
  [["text"], "secret"],
])("%j becomes the key %s", (option, name) => {
  expect(new SecretInConfigError(option).message).toContain(`keys: { "${name}": { text: secret } },`);
});
