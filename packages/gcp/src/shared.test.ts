import { expect, test } from "vitest";
import { rangeOf, regionOf } from "./shared.js";

const REGIONS = [
  ...["africa-south1", "asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3"],
  ...["asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2", "asia-southeast3"],
  ...["australia-southeast1", "australia-southeast2", "europe-central2", "europe-north1", "europe-north2"],
  ...["europe-southwest1", "europe-west1", "europe-west10", "europe-west12", "europe-west2", "europe-west3"],
  ...[
    "europe-west4",
    "europe-west6",
    "europe-west8",
    "europe-west9",
    "me-central1",
    "me-central2",
    "me-west1",
  ],
  ...["northamerica-northeast1", "northamerica-northeast2", "northamerica-south1", "southamerica-east1"],
  ...["southamerica-west1", "us-central1", "us-east1", "us-east4", "us-east5", "us-south1", "us-west1"],
  ...["us-west2", "us-west3", "us-west4"],
];

test("no two regions of Google have the same addresses", () => {
  const ranges = REGIONS.map(rangeOf);
  expect(new Set(ranges).size).toBe(REGIONS.length);
  for (const range of ranges) expect(range).toMatch(/^10\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.0\/20$/);
});

test("a zone's region is its name without the last part", () => {
  expect(regionOf("europe-west3-a")).toBe("europe-west3");
});
