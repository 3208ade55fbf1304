import { FirnError } from "./errors.js";

/**
 * Splits an option path as NixOS writes it: `services.nginx.virtualHosts."shop.example".root`.
 *
 * @throws a `RunError` when a quote or a name is missing
 */
export function parseOptionPath(text: string): string[] {
  const parts: string[] = [];
  const pattern = /([A-Za-z_][A-Za-z0-9_'-]*|"((?:[^"\\]|\\.)*)"|[0-9]+)(\.|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) break;
    parts.push(match[2] === undefined ? (match[1] ?? "") : match[2].replace(/\\(.)/g, "$1"));
    if (match[3] === "" && pattern.lastIndex === text.length) return parts;
  }
  throw new FirnError(
    `${JSON.stringify(text)} is no option path. Write it as NixOS does: services.nginx.virtualHosts."shop.example".root`,
  );
}
