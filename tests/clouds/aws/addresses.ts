import { isIPv4, isIPv6 } from "node:net";
import { ApiError } from "../plugin/api-error.js";
import type { Kind } from "../plugin/kind.js";
import { differing, idOf, known, vpcOf } from "./network.js";
import { refuse } from "./refuse.js";

export const eip: Kind = {
  create(_cloud, _inputs, number) {
    const id = idOf("eipalloc", number);
    return {
      id,
      outputs: { allocationId: id, publicIp: `203.0.113.${Number(number) % 250}`, domain: "vpc" },
    };
  },
};

export const eipAssociation: Kind = {
  create(cloud, inputs, number) {
    const operation = "AssociateAddress";
    const { outputs } = known(cloud, "Eip", inputs.allocationId, operation, "InvalidAllocationID.NotFound");
    const instance = known(cloud, "Instance", inputs.instanceId, operation, "InvalidInstanceID.NotFound");
    const vpcId = vpcOf(cloud, instance.outputs.subnetId);
    const isDefault = cloud.get("Vpc", vpcId) === undefined;
    if (!isDefault && !cloud.list("InternetGateway").some((each) => each.outputs.vpcId === vpcId))
      throw refuse(
        operation,
        "Gateway.NotAttached",
        `Network ${vpcId} is not attached to any internet gateway`,
      );
    return {
      id: idOf("eipassoc", number),
      outputs: {
        publicIp: outputs.publicIp,
        networkInterfaceId: instance.outputs.primaryNetworkInterfaceId,
        privateIpAddress: instance.outputs.privateIp,
      },
    };
  },
  replaces: differing(["allocationId", "instanceId", "networkInterfaceId", "publicIp"]),
};

export const eipDomainName: Kind = {
  create(cloud, inputs) {
    const { outputs } = known(
      cloud,
      "Eip",
      inputs.allocationId,
      "ModifyAddressAttribute",
      "InvalidAllocationID.NotFound",
    );
    // docs.aws.amazon.com, "Use reverse DNS for email applications": there must be a forward record first.
    const forward = cloud
      .list("Record")
      .some(({ inputs: record }) => (record.records as string[])?.includes(String(outputs.publicIp)));
    if (!forward)
      throw refuse(
        "ModifyAddressAttribute",
        "InvalidParameterValue",
        `${inputs.domainName} does not resolve to ${outputs.publicIp}`,
      );
    return { id: String(inputs.allocationId), outputs: { ptrRecord: `${inputs.domainName}.` } };
  },
};

export const zone: Kind = {
  create: (_cloud, inputs, number) => ({
    id: `Z${number}`,
    outputs: {
      zoneId: `Z${number}`,
      arn: `arn:aws:route53:::hostedzone/Z${number}`,
      comment: inputs.comment ?? "Managed by Pulumi",
      nameServers: ["ns-1.awsdns-00.org", "ns-2.awsdns-00.com"],
    },
  }),
  replaces: differing(["name", "delegationSetId"]),
};

export const record: Kind = {
  check(inputs) {
    const given = ["aliases", "records"].filter((name) => inputs[name] !== undefined);
    const one =
      given.length === 1 ? [] : [{ property: "records", reason: "one of `alias,records` must be specified" }];
    const ttl =
      inputs.records !== undefined && inputs.ttl === undefined
        ? [{ property: "ttl", reason: "all of `records,ttl` must be specified" }]
        : [];
    return [...one, ...ttl];
  },
  create(cloud, inputs) {
    const operation = "ChangeResourceRecordSets";
    const { zoneId, name, type, records } = inputs;
    const invalid = (message: string) =>
      new ApiError(
        400,
        `operation error Route 53: ${operation}, https response error StatusCode: 400, InvalidChangeBatch: [${message}]`,
      );
    if (!cloud.get("Zone", zoneId))
      throw new ApiError(
        404,
        `operation error Route 53: ${operation}, https response error StatusCode: 404, NoSuchHostedZone: No hosted zone found with ID: ${zoneId}`,
      );
    const fits = { A: isIPv4, AAAA: isIPv6 }[String(type)];
    for (const value of (records ?? []) as string[])
      if (fits && !fits(value))
        throw invalid(
          `Invalid Resource Record: 'FATAL problem: ARRDATAIllegalAddress' encountered with '${value}'`,
        );
    const id = `${zoneId}_${name}_${type}`;
    if (cloud.get("Record", id) && inputs.allowOverwrite !== true)
      throw invalid(
        `Tried to create resource record set [name='${name}', type='${type}'] but it already exists`,
      );
    return { id, outputs: { fqdn: name } };
  },
  replaces: differing(["name", "setIdentifier", "type", "zoneId"]),
};
