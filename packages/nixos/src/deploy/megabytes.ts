/** `1.2` for 1,234,567 bytes. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
