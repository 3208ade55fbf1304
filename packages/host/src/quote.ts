/**
 * One command line for a remote login shell, from an argument array: every argument arrives byte for byte.
 *
 * Made for POSIX shells; backslashes stay outside of quotes, so that fish reads the same.
 *
 * @throws TypeError when an argument contains a NUL character, which no command line can carry.
 */
export function quote(argv: readonly string[]): string {
  return argv.map(quoteOne).join(" ");
}

function quoteOne(argument: string): string {
  if (argument.includes("\0")) throw new TypeError("a command's argument must not contain a NUL character");
  if (/^[A-Za-z0-9_/.:@+,-]+$/.test(argument)) return argument;
  return `'${argument.replace(/['\\]/g, (character) => `'\\${character}'`)}'`;
}
