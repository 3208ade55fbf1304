/**
 * Splits a line into words as a shell does: white space separates, single and double quotes hold together,
 * a backslash takes the next character as it is. Nothing is expanded.
 *
 * @param {string} line
 * @returns {string[]}
 */
export function splitWords(line) {
  const words = [];
  const word = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs;
  for (const [quoted] of line.matchAll(word)) words.push(unquote(quoted));
  return words;
}

/** @param {string} word */
function unquote(word) {
  return word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs, (_, single, double, escaped) => {
    if (single !== undefined) return single;
    if (double !== undefined) return double.replace(/\\(["\\$`])/g, "$1");
    return escaped;
  });
}
