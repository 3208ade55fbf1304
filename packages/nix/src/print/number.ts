const MAX_INTEGER = 2n ** 63n - 1n;
const MIN_INTEGER = -(2n ** 63n);

/** Nix refuses literals below this, the smallest normal double. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** A printed number. `compound` texts are operators and need parentheses as an argument or list element. */
export interface PrintedNumber {
  readonly text: string;
  readonly compound: boolean;
}

/** Whether a bigint fits into Nix' 64-bit integers. */
export function fitsInteger(value: bigint): boolean {
  return value >= MIN_INTEGER && value <= MAX_INTEGER;
}

/**
 * A number as Nix text. Safe integers and bigints become integers, every other number the float of the same bits.
 * `value` must be finite and within 64 bits.
 */
export function printNumber(value: number | bigint): PrintedNumber {
  if (typeof value === "bigint" || (Number.isSafeInteger(value) && !Object.is(value, -0)))
    return printInteger(BigInt(value));
  return printFloat(value);
}

function printInteger(value: bigint): PrintedNumber {
  // The literal 9223372036854775808 is out of range, also behind a minus.
  if (value === MIN_INTEGER) return { text: `${MIN_INTEGER + 1n} - 1`, compound: true };
  return { text: String(value), compound: value < 0n };
}

function printFloat(value: number): PrintedNumber {
  // Nix reads -x as 0 - x, which loses the sign of zero.
  if (Object.is(value, -0)) return { text: "-1.0 * 0.0", compound: true };
  if (Math.abs(value) < SMALLEST_NORMAL) {
    // Scaling by a power of two is exact, on both sides.
    return { text: `${floatLiteral(value * 2 ** 60)} * ${floatLiteral(2 ** -60)}`, compound: true };
  }
  return { text: floatLiteral(value), compound: value < 0 };
}

/** Shortest decimal that reads back as the same double, with the point that Nix' floats must have. */
function floatLiteral(value: number): string {
  const [mantissa = "", exponent] = String(value).replace("+", "").split("e");
  const withPoint = mantissa.includes(".") ? mantissa : `${mantissa}.0`;
  return exponent === undefined ? withPoint : `${withPoint}e${exponent}`;
}
