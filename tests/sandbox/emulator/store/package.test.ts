import assert from "node:assert/strict";
import fc from "fast-check";
import { NoJournal } from "../../../../sandbox/store/journal";
import { Package } from "../../../../sandbox/store/package";
import type { Version } from "../../../../sandbox/store/version";

type Step =
  | { readonly kind: "push"; readonly createdAt: number; readonly tag: string }
  | { readonly kind: "tag"; readonly which: number; readonly tag: string }
  | { readonly kind: "delete"; readonly which: number }
  | { readonly kind: "restore"; readonly which: number; readonly tagsReturn: boolean };

const tag = fc.constantFrom("prod", "latest", "v1", "v2");
const which = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("push" as const), createdAt: fc.nat(5), tag }),
  fc.record({ kind: fc.constant("tag" as const), which, tag }),
  fc.record({ kind: fc.constant("delete" as const), which }),
  fc.record({ kind: fc.constant("restore" as const), which, tagsReturn: fc.boolean() }),
);

function version(id: number, createdAt: number): Version {
  return {
    id,
    digest: `sha256:${id}`,
    mediaType: "",
    manifest: Buffer.alloc(0),
    createdAt,
    updatedAt: createdAt,
    tags: [],
    downloads: 0,
    deletedAt: undefined,
    unknownToRegistry: false,
    alsoListedTags: [],
  };
}

function take(pkg: Package, one: Step, id: number): void {
  const all = one.kind === "restore" ? pkg.deleted.all() : pkg.active.all();
  if (one.kind === "push") {
    const fresh = version(id, one.createdAt);
    pkg.add(fresh);
    pkg.moveTag(one.tag, fresh);
    return;
  }
  const chosen = all[one.which % Math.max(1, all.length)];
  if (chosen === undefined) return;
  if (one.kind === "tag") pkg.moveTag(one.tag, chosen);
  else if (one.kind === "delete") pkg.remove(chosen, 0);
  else pkg.putBack(chosen, one.tagsReturn);
}

describe("a package, whatever happens to it", () => {
  it("has each tag on one version, counts the tagged ones, and lists newest first", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const pkg = new Package({ id: 1, owner: "logto-io", name: "logto", createdAt: 0, visibility: "private" }, new NoJournal());
        for (const [place, one] of steps.entries()) take(pkg, one, place + 1);

        const active = pkg.active.all();
        const tags = active.flatMap((one) => one.tags);
        assert.equal(new Set(tags).size, tags.length);
        assert.deepEqual(pkg.tags(), [...tags].sort());
        assert.equal(pkg.taggedCount, active.filter((one) => one.tags.length > 0).length);
        for (const one of active) for (const name of one.tags) assert.equal(pkg.byTag(name), one);
        for (const one of active) assert.equal(pkg.byDigest(one.digest), one);
        for (const one of pkg.deleted.all()) assert.equal(pkg.byDigest(one.digest), undefined);
        assert.equal(active.length + pkg.deleted.size, steps.filter(({ kind }) => kind === "push").length);
        assert.deepEqual(
          active,
          [...active].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id),
        );
        assert.deepEqual(active, [...pkg.active.slice(0, 3), ...pkg.active.slice(3, 100)]);
      }),
    );
  });

  it("changes its revision with every change that a list shows", () => {
    const pkg = new Package({ id: 1, owner: "logto-io", name: "logto", createdAt: 0, visibility: "private" }, new NoJournal());
    const [one, two] = [version(1, 0), version(2, 0)];
    const changes = [
      () => pkg.add(one),
      () => pkg.add(two),
      () => pkg.moveTag("prod", one),
      () => pkg.moveTag("prod", two),
      () => pkg.remove(one, 0),
      () => pkg.putBack(one, true),
      () => pkg.touch(one),
    ];
    for (const change of changes) {
      const before = pkg.revision;
      change();
      assert.ok(pkg.revision > before, String(change));
    }
  });
});
