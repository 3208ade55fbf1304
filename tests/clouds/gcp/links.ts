import type { Cloud, Stored } from "../plugin/cloud.js";
import type { Properties } from "../plugin/schema.js";
import { refuse } from "./refuse.js";

const API = "https://www.googleapis.com/compute/v1/";

/** Project that the stand-in's provider is configured with. */
const PROJECT = "firn-test";

/** `projects/p/zones/z/instances/web`: Pulumi's id, and the end of the self link. */
export function idOf(inputs: Properties, place: "global" | "regions" | "zones", collection: string): string {
  const where = place === "global" ? "global" : `${place}/${place === "zones" ? inputs.zone : inputs.region}`;
  return `projects/${projectOf(inputs)}/${where}/${collection}/${inputs.name}`;
}

/** Outputs that nearly all kinds have. */
export function common(inputs: Properties, id: string): Properties {
  return {
    creationTimestamp: new Date().toISOString(),
    deletionPolicy: "DELETE",
    effectiveLabels: inputs.labels ?? {},
    labelFingerprint: "42WmSpB8rSM=",
    project: projectOf(inputs),
    pulumiLabels: inputs.labels ?? {},
    selfLink: `${API}${id}`,
  };
}

function projectOf({ project }: Properties): string {
  return String(project ?? PROJECT);
}

/** A resource by its name, id or self link. @throws the API's 404 */
export function linked(cloud: Cloud, kind: string, link: unknown): Stored {
  const text = String(link).replace(API, "");
  const found = cloud.list(kind).find(({ id, inputs }) => id === text || inputs.name === text);
  if (!found) throw refuse(`waiting for ${kind}`, 404, `The resource '${text}' was not found, notFound`);
  return found;
}

/** Whether a link of one resource leads to another. */
export function leadsTo(link: unknown, { id, inputs }: Stored): boolean {
  const text = String(link).replace(API, "");
  return text === id || text === inputs.name;
}
