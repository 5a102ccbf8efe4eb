import assert from "node:assert/strict";
import fc from "fast-check";
import { sightingKey, tagKey } from "../../../components/approval/sightings";
import { check } from "../../../components/lifecycle/check";
import { diff } from "../../../components/lifecycle/diff";
import { reasonsIn } from "../../../components/lifecycle/state/ledger";
import { readStored } from "../../../components/lifecycle/state/read-stored";
import { type Outputs, type ProgramInputs, StoredOutputs } from "../../../components/lifecycle/state/stored";
import { digestOf, image, index, packageOf } from "../../support/builders/package";
import { mutated } from "../../support/fuzz/mutations";
import { assertForPeople, assertPrintable, assertPrototypesClean, patience, runs } from "../../support/fuzz/runs";

const world = packageOf(
  index("pr", ["pr-amd64"], { tags: ["pr-1"], days: 30 }),
  image("pr-amd64", { days: 30 }),
  index("prod", ["prod-amd64"], { tags: ["prod"], days: 20 }),
  image("prod-amd64", { days: 20 }),
);
const mayGo = new Set([digestOf("pr"), digestOf("pr-amd64")]);

const news: ProgramInputs = {
  owner: "logto-io",
  package: "logto",
  rules: [{ name: "drop-pr", action: "delete", tags: ["pr-*"], olderThan: "7d" }],
  grace: "1d",
  restore: ["constructor", "__proto__", "pr-9"],
  githubApiUrl: "https://api.github.com",
  registryUrl: "https://ghcr.io",
  deletionsPerMinute: 180,
  inventory: world,
};
const gone = digestOf("gone");
const goneDigits = gone.slice("sha256:".length, "sha256:".length + 16);
/** All that a record can hold. */
const record = {
  ...news,
  inventory: undefined,
  deletions: { [gone]: "untagged", [digestOf("pr")]: "pr-1" },
  plans: { "2026-11-23-7f3a9c21b4d0": { images: "1 2", parts: "3", tags: "pr-1" } },
  pending: { id: "2026-11-23-7f3a9c21b4d0", deletions: { [digestOf("pr")]: "x" }, tags: "pr-1" },
  deleted: { "2026-11-20-7f3a9c21b4d0": { images: `${goneDigits},${goneDigits}`, tags: `pr-9=${goneDigits}` } },
  restoring: { [gone]: "pr-9" },
  candidates: { "2026-11-01": digestOf("pr").slice("sha256:".length, "sha256:".length + 16) },
  __seen: {
    first: "2026-11-01",
    last: "2026-11-20",
    tagged: `${sightingKey(digestOf("prod"))}${tagKey(["prod"])}`,
    untagged: { "2026-11-10": `${sightingKey(digestOf("pr-amd64"))}=pr-9 ${sightingKey(gone)}` },
    candidates: { "2026-11-01": digestOf("pr").slice("sha256:".length, "sha256:".length + 16) },
  },
};
const outputs = {
  ...record,
  deletions: undefined,
  ledger: { [gone]: "7 2026-11-20-7f3a9c21b4d0 2026-11-20T00:00:00Z/2026-12-20 pr-9: untagged" },
  remaining: { [digestOf("pr")]: "pr-1" },
  refused: {},
  failure: "it broke off",
  planId: "none",
  counts: { deleted: 1, remaining: 1, pending: 0 },
};

describe("the record in the state, changed at random", function () {
  this.timeout(patience);

  it("is checked into inputs that let go only what may go, or into a failure for people", () => {
    let taken = 0;
    fc.assert(
      fc.property(mutated(record), fc.constantFrom("required" as const, "automatic" as const), (olds, approval) => {
        const { inputs, failures = [] } = check(olds, { ...news, approval });
        assertPrototypesClean();
        for (const { reason } of failures) {
          assertPrintable(reason);
          assert.match(reason, /^logto-io\/logto: the record in the stack's state is not understood/);
        }
        if (failures.length > 0) return;
        taken += 1;
        const there = new Set(world.versions.map(({ digest }) => digest));
        for (const digest of Object.keys(inputs?.deletions ?? {})) assert.ok(!there.has(digest) || mayGo.has(digest), digest);
        assert.ok(!("inventory" in (inputs ?? {})));
      }),
      runs(400),
    );
    assert.ok(taken > 50, `only ${taken} of the changed records were taken`);
  });

  it("is compared, or refused for people", () => {
    const { inputs } = check(record, news);
    assert.ok(inputs);
    fc.assert(
      fc.property(mutated(outputs), (olds) => {
        try {
          const { replaces = [] } = diff((olds ?? {}) as Outputs, inputs);
          assert.ok(replaces.every((key) => key === "owner" || key === "package"));
        } catch (error) {
          assertForPeople(error, "logto-io/logto");
        }
        assertPrototypesClean();
      }),
      runs(400),
    );
  });

  it("holds a ledger of which no line is lost, or is refused for people", () => {
    fc.assert(
      fc.property(mutated(outputs), (olds) => {
        try {
          const { ledger } = readStored(StoredOutputs, olds, "logto-io/logto");
          const own = Object.keys((olds as typeof outputs).ledger ?? {}).filter((key) => key !== "__proto__");
          assert.deepEqual(Object.keys(reasonsIn(ledger)).sort(), own.sort());
        } catch (error) {
          assertForPeople(error, "logto-io/logto");
        }
        assertPrototypesClean();
      }),
      runs(400),
    );
  });
});
