import { ApiError } from "../plugin/api-error.js";
import type { Kind } from "../plugin/kind.js";
import type { Properties } from "../plugin/schema.js";
import { regionOf } from "./catalog.js";
import { differing, known } from "./network.js";

/** What stands beside machines in programs: buckets, users of the API, load balancers. */

/** Whether it is the default VPC or its subnet. */
const isDefault = (id: unknown) => /^(subnet-)?default-/.test(String(id));

export const bucket: Kind = {
  unique: "bucket",
  check: ({ bucket: name }) =>
    name === undefined || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(String(name))
      ? []
      : [{ property: "bucket", reason: "only lowercase letters, digits, dots and hyphens, 3 to 63" }],
  create(_cloud, inputs, number) {
    const bucket = String(inputs.bucket ?? `bucket-${number}`);
    const region = regionOf(inputs);
    return {
      id: bucket,
      outputs: {
        bucket,
        arn: `arn:aws:s3:::${bucket}`,
        bucketRegion: region,
        bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
      },
    };
  },
  replaces: differing(["bucket", "bucketPrefix"]),
};

export const user: Kind = {
  create(_cloud, inputs, number) {
    const name = String(inputs.name ?? `user-${number}`);
    return {
      id: name,
      outputs: { name, arn: `arn:aws:iam::123456789012:user/${name}`, uniqueId: `AIDA${number}` },
    };
  },
  delete(cloud, { id }) {
    const parts = ["AccessKey", "UserPolicy"].flatMap((kind) => cloud.list(kind));
    if (parts.some(({ inputs }) => inputs.user === id))
      throw new ApiError(
        409,
        "DeleteConflict: Cannot delete entity, must delete policies and access keys first.",
      );
  },
};

export const accessKey: Kind = {
  create(cloud, inputs, number) {
    known(cloud, "User", inputs.user, "CreateAccessKey", "NoSuchEntity");
    const secret = `secret-access-key-${number}`;
    return {
      id: `AKIA${number}`,
      outputs: { secret, sesSmtpPasswordV4: `smtp-${number}`, status: "Active" },
    };
  },
  replaces: differing(["user", "pgpKey"]),
};

export const userPolicy: Kind = {
  check({ policy }: Properties) {
    try {
      if (policy !== undefined) JSON.parse(String(policy));
      return [];
    } catch {
      return [{ property: "policy", reason: "contains an invalid JSON policy" }];
    }
  },
  create(cloud, inputs, number) {
    known(cloud, "User", inputs.user, "PutUserPolicy", "NoSuchEntity");
    return { id: `${inputs.user}:policy-${number}`, outputs: { name: `policy-${number}` } };
  },
  replaces: differing(["name", "user"]),
};

export const loadBalancer: Kind = {
  check({ name }) {
    return name === undefined || /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(String(name))
      ? []
      : [{ property: "name", reason: "at most 32 letters, digits and hyphens" }];
  },
  create(cloud, inputs, number) {
    const zones = new Set(
      ((inputs.subnets ?? []) as string[]).map((id) =>
        isDefault(id)
          ? `${regionOf(inputs)}a`
          : known(cloud, "Subnet", id, "CreateLoadBalancer", "SubnetNotFound").outputs.availabilityZone,
      ),
    );
    // docs.aws.amazon.com, "Application Load Balancers", Subnets for your load balancer
    if ((inputs.loadBalancerType ?? "application") === "application" && zones.size < 2)
      throw new ApiError(
        400,
        "ValidationError: At least two subnets in two different Availability Zones must be specified",
      );
    const arn = `arn:aws:elasticloadbalancing:${regionOf(inputs)}:123456789012:loadbalancer/${number}`;
    return {
      id: arn,
      outputs: {
        arn,
        dnsName: `lb-${number}.${regionOf(inputs)}.elb.amazonaws.com`,
        zoneId: "Z215JYRZR1TBD5",
      },
    };
  },
  replaces: differing(["internal", "loadBalancerType", "name"]),
};

export const targetGroup: Kind = {
  create(cloud, inputs, number) {
    if (inputs.vpcId !== undefined && !isDefault(inputs.vpcId))
      known(cloud, "Vpc", inputs.vpcId, "CreateTargetGroup", "InvalidVpcID.NotFound");
    const arn = `arn:aws:elasticloadbalancing:${regionOf(inputs)}:123456789012:targetgroup/${number}`;
    return { id: arn, outputs: { arn } };
  },
  replaces: differing(["name", "port", "protocol", "targetType", "vpcId"]),
};

export const targetGroupAttachment: Kind = {
  create(cloud, inputs, number) {
    const group = known(
      cloud,
      "TargetGroup",
      inputs.targetGroupArn,
      "RegisterTargets",
      "TargetGroupNotFound",
    );
    const isAddress = group.inputs.targetType === "ip";
    const isThere = cloud
      .list("Instance")
      .some(({ id, outputs }) => (isAddress ? outputs.privateIp : id) === inputs.targetId);
    if (!isThere)
      throw new ApiError(
        400,
        `InvalidTarget: The following targets are not in the target group VPC: '${inputs.targetId}'`,
      );
    return { id: `attachment-${number}`, outputs: {} };
  },
  replaces: differing(["port", "targetGroupArn", "targetId"]),
};

export const listener: Kind = {
  create(cloud, inputs, number) {
    known(cloud, "LoadBalancer", inputs.loadBalancerArn, "CreateListener", "LoadBalancerNotFound");
    const arn = `arn:aws:elasticloadbalancing:${regionOf(inputs)}:123456789012:listener/${number}`;
    return { id: arn, outputs: { arn } };
  },
  replaces: differing(["loadBalancerArn"]),
};
