import { generateKeyPairSync } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";

interface Inputs {
  readonly name: string;
  readonly rotation: number;
}

interface Outs extends Inputs {
  readonly publicKey: string;
  readonly privateKey: string;
  readonly previousPublicKey: string;
}

/** Life cycle of {@link WireguardKeyPair}. A rotation is an update: peers must hear of the old key and the new one. */
export const wireguardKeyPair = {
  async create(inputs: Inputs): Promise<pulumi.dynamic.CreateResult> {
    return { id: inputs.name, outs: { ...own(inputs), ...generateWireguardKeys(), previousPublicKey: "" } };
  },

  async diff(_id: string, olds: Outs, news: Inputs): Promise<pulumi.dynamic.DiffResult> {
    return { changes: olds.rotation !== news.rotation };
  },

  async update(_id: string, olds: Outs, news: Inputs): Promise<pulumi.dynamic.UpdateResult> {
    return {
      outs: { ...own(news), ...generateWireguardKeys(), previousPublicKey: olds.publicKey },
    };
  },
};

function own({ name, rotation }: Inputs): Inputs {
  return { name, rotation };
}

/** A Curve25519 key pair as `wg genkey` and `wg pubkey` write it: the 32 bytes of each half in base64. */
export function generateWireguardKeys(): { publicKey: string; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const half = (text: string | undefined) => Buffer.from(text ?? "", "base64url").toString("base64");
  const { d } = privateKey.export({ format: "jwk" });
  return { publicKey: half(publicKey.export({ format: "jwk" }).x), privateKey: half(d) };
}
