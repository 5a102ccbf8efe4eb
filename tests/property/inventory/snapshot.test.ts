import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeInventory, encodeInventory } from "../../../components/inventory/snapshot";
import type { Child, Inventory, Manifest } from "../../../components/model/inventory";

const digest = fc.integer({ min: 0, max: 12 }).map((number) => `sha256:${number.toString(16).padStart(64, "0")}`);
const child: fc.Arbitrary<Child> = fc.record(
  { digest, index: fc.boolean(), label: fc.string(), platform: fc.string(), other: fc.constant(true as const) },
  { requiredKeys: ["digest", "index", "label"], noNullPrototype: true },
);
const manifest: fc.Arbitrary<Manifest> = fc.record(
  {
    index: fc.boolean(),
    children: fc.array(child, { maxLength: 4 }),
    subject: digest,
    references: fc.array(
      fc.record(
        {
          to: fc.oneof(fc.record({ digest }, { noNullPrototype: true }), fc.record({ tag: fc.string() }, { noNullPrototype: true })),
          label: fc.string(),
        },
        { noNullPrototype: true },
      ),
      { maxLength: 2 },
    ),
    artifactType: fc.string(),
    annotations: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true, maxKeys: 2 }),
    blobs: fc.string(),
    gone: fc.constant(true as const),
  },
  { requiredKeys: ["index", "children"], noNullPrototype: true },
);
const moment = fc.integer({ min: 0, max: 2e12 });
const version = fc.record(
  { id: fc.nat(), digest, tags: fc.array(fc.string(), { maxLength: 2 }), createdAt: moment, updatedAt: moment },
  { noNullPrototype: true },
);
const deleted = fc.record(
  { id: fc.nat(), digest, tags: fc.array(fc.string(), { maxLength: 1 }), createdAt: moment, deletedAt: moment },
  {
    requiredKeys: ["id", "digest", "tags", "createdAt"],
    noNullPrototype: true,
  },
);
const inventory: fc.Arbitrary<Inventory> = fc.record(
  {
    package: fc.constant({ owner: "acme", name: "app" }),
    now: moment,
    versions: fc.uniqueArray(version, { selector: (one) => one.digest, maxLength: 8 }),
    manifests: fc.array(fc.tuple(digest, manifest), { maxLength: 8 }).map((entries) => new Map(entries)),
    deleted: fc.array(deleted, { maxLength: 2 }),
    neighbours: fc.array(fc.record({ name: fc.string(), digests: fc.array(digest) }, { noNullPrototype: true }), { maxLength: 2 }),
  },
  { requiredKeys: ["package", "now", "versions", "manifests"], noNullPrototype: true },
);

describe("an inventory on its way to the provider", () => {
  it("arrives as it was", () => {
    fc.assert(
      fc.property(inventory, (there) => assert.deepEqual(decodeInventory(encodeInventory(there)), there)),
      { numRuns: 500 },
    );
  });
});
