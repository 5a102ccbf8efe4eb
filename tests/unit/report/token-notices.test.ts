import assert from "node:assert/strict";
import { decide } from "../../../components/approval/decide";
import { buildGraph } from "../../../components/graph/graph";
import type { Inventory, TokenAccess } from "../../../components/model/inventory";
import type { PolicyInput } from "../../../components/rules/policy";
import { deletedVersion, nothing } from "../../support/builders/decided";
import { digestOf, image, packageOf } from "../../support/builders/package";
import { kept, paragraphsOf, pendingOf, policyWith, world } from "../../support/builders/reported";

const cannotUndo =
  /^this run's token may delete but not restore, since it has no scope write:packages: .* Add the scope before `pulumi up`$/;
const notListed = /^GitHub does not show this run's token the deleted versions \(no\)\. Without that list, /;
const notDated = /^GitHub lists deleted versions\. GitHub does not say when they were deleted: .* `restore` finds nothing by a time/;
const maker: TokenAccess = { scopes: ["read:packages", "delete:packages"] };

interface Case {
  readonly entries?: typeof world;
  readonly policy?: Partial<PolicyInput>;
  readonly seen?: Pick<Inventory, "token" | "deleted">;
}

/** The paragraphs of a preview. */
function preview({ entries = world, policy: more = {}, seen = { token: maker } }: Case = {}): string[] {
  const policy = policyWith(more);
  return paragraphsOf(decide(buildGraph({ ...packageOf(...entries), ...seen }), policy, nothing), policy);
}

function says(paragraphs: readonly string[], words: RegExp): boolean {
  return paragraphs.some((paragraph) => words.test(paragraph));
}

describe("what a preview says of its token", () => {
  it("follows a plan that waits, and one that is approved", () => {
    const { id } = pendingOf(world);
    assert.match(preview()[2] ?? "", /^waiting for approval/);
    assert.match(preview()[3] ?? "", cannotUndo);
    const approved = preview({ policy: { approve: id } });
    assert.match(approved[2] ?? "", /^approved: /);
    assert.match(approved[3] ?? "", cannotUndo);
  });

  it("is nothing where nothing can go", () => {
    assert.equal(says(preview({ entries: kept }), cannotUndo), false);
    const refused = preview({ policy: { limits: { percent: 1 } } });
    assert.ok(says(refused, /^this plan cannot be approved/));
    assert.equal(says(refused, cannotUndo), false);
  });

  it("is said where something is to come back, too", () => {
    const seen = { token: maker, deleted: [deletedVersion(image("gone"), 900)] };
    const paragraphs = preview({ entries: kept, policy: { restore: [digestOf("gone")] }, seen });
    assert.ok(says(paragraphs, /^to be restored, 1 version: /), paragraphs.join("\n\n"));
    assert.ok(says(paragraphs, cannotUndo));
  });

  for (const [what, token] of [
    ["may restore", { scopes: ["read:packages", "delete:packages", "write:packages"] }],
    ["may only preview", { scopes: ["read:packages"] }],
    ["has permissions that GitHub does not tell", {}],
  ] as const) {
    it(`is nothing of restoring where it ${what}`, () => {
      assert.equal(says(preview({ seen: { token } }), cannotUndo), false);
    });
  }

  it("names what cannot be recovered where GitHub refuses the list of deleted versions", () => {
    assert.ok(says(preview({ seen: { token: { deletedRefusal: "no" } } }), notListed));
    assert.equal(says(preview({ entries: kept, seen: { token: { deletedRefusal: "no" } } }), notListed), false);
  });

  it("names what cannot be recovered where GitHub does not date deletions", () => {
    const gone = image("gone");
    assert.ok(says(preview({ seen: { deleted: [deletedVersion(gone, 900, null)] } }), notDated));
    assert.equal(says(preview({ seen: { deleted: [deletedVersion(gone, 900)] } }), notDated), false);
    assert.equal(says(preview({ seen: { deleted: [] } }), notDated), false);
    assert.equal(says(preview({ entries: kept, seen: { deleted: [deletedVersion(gone, 900, null)] } }), notDated), false);
  });
});
