import type { Cloud, Stored } from "../plugin/cloud.js";
import type { Properties } from "../plugin/schema.js";
import { LOCATIONS } from "./catalog.js";
import { refuse } from "./refuse.js";

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";

/** The id of a resource, which is also Pulumi's. */
export function idOf({ resourceGroupName }: Properties, type: string, name: unknown): string {
  return `${groupId(resourceGroupName)}/providers/${type}/${name}`;
}

export function groupId(name: unknown): string {
  return `${SUBSCRIPTION}/resourceGroups/${name}`;
}

/** Outputs that all kinds have. */
export function common(type: string, name: unknown): Properties {
  return { azureApiVersion: "2024-11-01", etag: "W/1", name, provisioningState: "Succeeded", type };
}

/** Refuses what is in no resource group, or in a place that Azure has not. */
export function requirePlace(cloud: Cloud, { resourceGroupName, location }: Properties): void {
  if (!cloud.get("ResourceGroup", groupId(resourceGroupName)))
    throw refuse(404, "ResourceGroupNotFound", `Resource group '${resourceGroupName}' could not be found.`);
  if (!LOCATIONS.includes(String(location)))
    throw refuse(
      400,
      "LocationNotAvailableForResourceType",
      `The provided location '${location}' is not available.`,
    );
}

/** The resource that a sub-resource names. */
export function referred(cloud: Cloud, kind: string, reference: unknown, location: unknown): Stored {
  const { id } = (reference ?? {}) as Properties;
  const found = cloud.get(kind, id);
  if (!found)
    throw refuse(404, "InvalidResourceReference", `Resource ${id} referenced by the request was not found.`);
  if (found.inputs.location !== location)
    throw refuse(400, "InvalidResourceReference", `Resource ${id} is not in the location '${location}'.`);
  return found;
}

export function changed(names: readonly string[], olds: Properties, news: Properties): string[] {
  return names.filter((name) => olds[name] !== news[name]);
}
