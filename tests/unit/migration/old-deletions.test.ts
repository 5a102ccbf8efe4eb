import assert from "node:assert/strict";
import { stackDefaultsOf } from "../../../components/config-file/stack-defaults";
import { buildGraph } from "../../../components/graph/graph";
import { entriesOf } from "../../../components/migration/entries";
import { lossesOf } from "../../../components/migration/losses";
import { readWorkflow } from "../../../components/migration/read-workflow";
import {
  childOf,
  digestOf,
  type Entry,
  fallbackTagOf,
  image,
  index,
  indexChildOf,
  namesOf,
  packageOf,
} from "../../support/builders/package";
import { workflow } from "../../support/migration/workflow";

/** `prod` of two platforms, signed; `pr-1`; an index that lost its tag, with a platform of its own and one of `prod`. */
const world: readonly Entry[] = [
  index("prod", ["prod amd64", childOf("prod arm64", "linux/arm64")], { tags: ["prod"], days: 90 }),
  image("prod amd64", { days: 91 }),
  image("prod arm64", { days: 91 }),
  image("signature", { subject: "prod", artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json", days: 90 }),
  image("pr", { tags: ["pr-1"], days: 80 }),
  index("before", ["before amd64", childOf("prod arm64", "linux/arm64")], { days: 95 }),
  image("before amd64", { days: 96 }),
  image("young", { days: 2 }),
];

const nested: readonly Entry[] = [
  index("stable", [indexChildOf("inner")], { tags: ["stable"], days: 10 }),
  index("inner", ["inner amd64"], { days: 11 }),
  image("inner amd64", { days: 12 }),
];

function old(entries: readonly Entry[], uses: string, options: Readonly<Record<string, unknown>>) {
  const place = { owner: "logto-io", package: "logto", account: "logto-io", "org-name": "logto-io", "image-names": "logto" };
  const text = workflow(uses, { ...place, "package-name": "logto", command: "cleanup", ...options });
  const [migrated] = entriesOf(readWorkflow(text, "clean.yml").translations, {}, stackDefaultsOf()).entries;
  const graph = buildGraph(packageOf(...entries));
  const nodes = migrated?.oldDeletions?.(graph) ?? assert.fail("not computed");
  const deleted = namesOf(
    [...nodes].map((node) => graph.nodes[node]?.version.digest ?? ""),
    ...entries,
  );
  return { deleted, broken: lossesOf(graph, nodes).map(({ image, lost }) => `${image}: ${lost.join(", ")}`) };
}

const official = "actions/delete-package-versions@v5";
const container = { "package-type": "container" };

describe("what an old step would delete", () => {
  it("by raw versions without a tag: every part of every image", () => {
    const { deleted, broken } = old(world, official, { ...container, "delete-only-untagged-versions": true, "min-versions-to-keep": 1 });
    assert.deepEqual(deleted, ["before", "before amd64", "prod amd64", "prod arm64", "signature"]);
    assert.deepEqual(broken, ["prod: Sigstore bundle, linux/amd64, linux/arm64"]);
  });

  it("by raw versions but the newest: whatever is old", () => {
    const { deleted } = old(world, official, { ...container, "min-versions-to-keep": 3, "ignore-versions": "prod" });
    assert.deepEqual(deleted, ["before", "before amd64", "prod", "prod amd64", "prod arm64"]);
  });

  for (const [version, deleted] of [
    ["v3.0.1", ["before", "before amd64", "prod amd64", "prod arm64", "signature"]],
    ["v3.1.0", ["before", "before amd64", "signature"]],
  ] as const) {
    it(`by snok/container-retention-policy@${version}: ${deleted.join(", ")}`, () => {
      const options = { "cut-off": "2w", "tag-selection": "untagged" };
      assert.deepEqual(old(world, `snok/container-retention-policy@${version}`, options).deleted, deleted);
    });
  }

  it("by snok/container-retention-policy@v2 with a number to keep: the rest, whatever the filter", () => {
    const options = { "cut-off": "2 weeks ago UTC", "filter-tags": "pr-*", "keep-at-least": 2, "skip-tags": "prod" };
    const { deleted } = old(world, "snok/container-retention-policy@v2", options);
    assert.deepEqual(deleted, ["before", "before amd64", "prod amd64", "prod arm64", "signature"]);
  });

  it("by dataaxiom/ghcr-cleanup-action: images, but what an index inside an index lists", () => {
    assert.deepEqual(old(world, "dataaxiom/ghcr-cleanup-action@v1", { "older-than": "1 week" }), {
      deleted: ["before", "before amd64"],
      broken: [],
    });
    assert.deepEqual(old(nested, "dataaxiom/ghcr-cleanup-action@v1", {}), { deleted: ["inner amd64"], broken: ["stable: linux/amd64"] });
  });

  it("by dataaxiom/ghcr-cleanup-action: an excluded child of another index", () => {
    const shared = [
      index("multi", ["amd64"], { tags: ["pr-1"], days: 10 }),
      image("amd64", { tags: ["keep"], days: 11 }),
      image("last", { tags: ["latest"] }),
    ];
    assert.deepEqual(old(shared, "dataaxiom/ghcr-cleanup-action@v1", { "delete-tags": "pr-*", "exclude-tags": "keep" }).deleted, [
      "amd64",
      "multi",
    ]);
  });

  it("by dataaxiom/ghcr-cleanup-action: two images to keep, of which one is a signature", () => {
    const signed = [
      image("new", { tags: ["v2"], days: 10 }),
      image("old", { tags: ["v1"], days: 30 }),
      image("note", { tags: [fallbackTagOf("gone")], days: 20 }),
    ];
    assert.deepEqual(old(signed, "dataaxiom/ghcr-cleanup-action@v1", { "keep-n-tagged": 2 }).deleted, ["old"]);
  });

  it("by ghcr-manager/ghcr-cleanup-manager: an untagged index that hangs together with what was chosen", () => {
    const { deleted } = old(
      [
        index("chosen", ["shared"], { tags: ["pr-1"], days: 10 }),
        index("beside", ["shared"], { days: 11 }),
        image("shared", { days: 12 }),
        image("last", { tags: ["latest"] }),
      ],
      "ghcr-manager/ghcr-cleanup-manager@v1.1.12",
      { "delete-tags": "pr-*" },
    );
    assert.deepEqual(deleted, ["beside", "chosen", "shared"]);
  });

  it("is computed for digests that are named", () => {
    const options = { "delete-tags": digestOf("before") };
    assert.deepEqual(old(world, "dataaxiom/ghcr-cleanup-action@v1", options).deleted, ["before", "before amd64"]);
  });

  describe("as that version of the action works", () => {
    const names = (entries: readonly Entry[], uses: string, options: Readonly<Record<string, unknown>>) =>
      old(entries, uses, options).deleted;
    const rest = ["before", "before amd64", "prod amd64", "prod arm64", "signature"];
    const s2 = { "cut-off": "2 weeks ago UTC", "filter-tags": "pr-*", "filter-include-untagged": "false" };
    const tagged = ["pr-1", "pr-2", "pr-3"].map((tag, index) => image(tag, { tags: [tag], days: 80 + index }));

    it("includes what an input that it ignored was meant to keep", () => {
      assert.deepEqual(
        names(world, "snok/container-retention-policy@v3.0.1", { "cut-off": "2w", "tag-selection": "untagged", "keep-at-least": 99 }),
        rest,
      );
      assert.deepEqual(names(world, official, { ...container, "min-versions-to-keep": 0, "only-these-tags": "pr-1" }).length, world.length);
    });

    it("excludes what a rehearsal lists", () => {
      assert.deepEqual(names(world, "dataaxiom/ghcr-cleanup-action@v1", { "dry-run": true }), []);
      assert.deepEqual(names(world, "snok/container-retention-policy@v2.2.1", { ...s2, "dry-run": "Yes" }), []);
    });

    it("includes it where that version has no rehearsal", () => {
      assert.deepEqual(names(tagged, "snok/container-retention-policy@v2.0.1", { ...s2, "dry-run": "true" }), ["pr-1", "pr-2", "pr-3"]);
    });

    it("is nothing where the step cannot start", () => {
      assert.deepEqual(names(world, official, { ...container, "num-old-versions-to-delete": 5, "min-versions-to-keep": 1 }), []);
      assert.deepEqual(names(world, "snok/container-retention-policy@v3.0.1", { "cut-off": "2 weeks ago UTC" }), []);
    });

    it("is the oldest of each run without a number to keep", () => {
      assert.deepEqual(names(world, official, { ...container, "num-old-versions-to-delete": 2 }), ["before", "before amd64"]);
    });

    it("spares the digests that an expression to ignore happens to fit", () => {
      assert.deepEqual(names(world, official, { ...container, "min-versions-to-keep": 0, "ignore-versions": "\\d" }), []);
      assert.deepEqual(
        names(world, official, { ...container, "min-versions-to-keep": 0, "ignore-versions": "^v\\d" }).length,
        world.length,
      );
      assert.deepEqual(names(world, official, { ...container, "min-versions-to-keep": 0, "ignore-versions": "" }), []);
    });

    for (const [version, deleted] of [
      // The newest versions are left out first; the filter then takes from the others.
      ["v1.5.1", ["pr-3"]],
      // So many of the selected ones are left out.
      ["v2.0.1", ["pr-3"]],
      ["v2.1.2", ["pr-3"]],
      ["v2.2.1", ["pr-3"]],
    ] as const) {
      it(`keeps the newest of snok/container-retention-policy@${version}`, () => {
        assert.deepEqual(names(tagged, `snok/container-retention-policy@${version}`, { ...s2, "keep-at-least": 2 }), deleted);
      });
    }

    for (const [version, deleted] of [
      ["v1.5.1", ["pr-2", "pr-3"]],
      ["v2.1.2", ["pr-3"]],
      ["v2.2.1", ["pr-2", "pr-3"]],
    ] as const) {
      it(`counts newer images that are not selected as snok/container-retention-policy@${version} does`, () => {
        const entries = [image("new", { tags: ["main"], days: 1 }), ...tagged];
        assert.deepEqual(names(entries, `snok/container-retention-policy@${version}`, { ...s2, "keep-at-least": 2 }), deleted);
      });
    }
  });
});
