export function debianNix(
  suite: string,
  note: (line: string, detail?: string) => void,
): Promise<{ path: string; version: string }>;
