import { createHash } from "node:crypto";

/**
 * A name for a cloud's resource that no other stack or network of the same account uses: `shop-prod-web`. It is a DNS
 * label, which every cloud takes for a server. Parts that do not fit are shortened, and told apart by a hash.
 *
 * @param parts from the outside in, for example network, stack, machine
 * @param limit characters that the cloud allows
 */
export function resourceName(parts: readonly string[], limit = 63): string {
  const whole = parts.join("-");
  const label = whole
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  if (label === whole && label.length <= limit) return label;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, 6);
  return `${label.slice(0, limit - digest.length - 1).replace(/-$/, "")}-${digest}`;
}
