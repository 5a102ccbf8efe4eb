import assert from "node:assert/strict";
import fc from "fast-check";
import { stackDefaultsOf } from "../../../components/config-file/stack-defaults";
import { entriesOf } from "../../../components/migration/entries";
import { readWorkflow } from "../../../components/migration/read-workflow";
import type { TranslatedRule, Translation } from "../../../components/migration/step/translation";
import { workflow } from "../../support/migration/workflow";

const count = fc.integer({ min: 1, max: 20 }).map(String);
const tags = fc.uniqueArray(fc.constantFrom("pr-*", "dev", "v1.?", "main-*"), { minLength: 1, maxLength: 3 });
const commas = tags.map((all) => all.join(","));
const lines = tags.map((all) => all.join("\n"));
const age = fc.constantFrom("3 days", "2 weeks", "36 hours");

/** The actions with inputs that any value may have, beside those that every step needs. */
const actions = [
  {
    uses: "actions/delete-package-versions@v5",
    needed: { owner: "acme", "package-name": "app", "package-type": "container", "min-versions-to-keep": "3" },
    inputs: { "min-versions-to-keep": count, "ignore-versions": fc.constantFrom("^v", "latest|prod") },
  },
  {
    uses: "dataaxiom/ghcr-cleanup-action@v1",
    needed: { owner: "acme", package: "app" },
    inputs: { "delete-tags": commas, "exclude-tags": commas, "keep-n-tagged": count, "keep-n-untagged": count, "older-than": age },
  },
  {
    uses: "snok/container-retention-policy@v3.0.1",
    needed: { account: "acme", "image-names": "app", "cut-off": "1w", token: "x" },
    inputs: { "image-tags": commas, "keep-n-most-recent": count, "cut-off": age },
  },
  {
    uses: "snok/container-retention-policy@v2",
    needed: { "account-type": "org", "org-name": "acme", "image-names": "app", "cut-off": "1 week ago UTC", token: "x" },
    inputs: { "filter-tags": commas, "skip-tags": commas, "keep-at-least": count, "cut-off": age.map((text) => `${text} ago UTC`) },
  },
  {
    uses: "ghcr-manager/ghcr-cleanup-manager@v1.1.12",
    needed: { command: "cleanup", owner: "acme", package: "app", "delete-tags": "tmp-*" },
    inputs: { "delete-tags": lines, "exclude-tags": lines, "keep-n-tagged": count, "keep-n-untagged": count, "older-than": age },
  },
] as const;

interface Case {
  readonly uses: string;
  readonly options: Readonly<Record<string, string>>;
  /** The inputs whose value is taken away. */
  readonly open: readonly string[];
}

const cases: fc.Arbitrary<Case> = fc.constantFrom(...actions).chain(({ uses, needed, inputs }) =>
  fc.record<Record<string, string>>(inputs, { requiredKeys: [] }).chain((given) => {
    const written = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const options = { ...needed, ...written };
    const open = fc.subarray(Object.keys(written));
    return fc.record({ uses: fc.constant(uses), options: fc.constant(options), open });
  }),
);

function translation(uses: string, options: Readonly<Record<string, string>>): Translation | undefined {
  return readWorkflow(workflow(uses, options), "clean.yml").translations[0];
}

function opened({ options, open }: Case): Record<string, string> {
  return { ...options, ...Object.fromEntries(open.map((name) => [name, "$".concat("{{ vars.IT }}")])) };
}

/** A rule without the fields that are to be filled in, and without how it orders and dates: those follow from them. */
function bare({ rule }: TranslatedRule, gaps: TranslatedRule["gaps"] = []): string {
  const filled = new Set<string>([...gaps.map(({ field }) => field), ...(gaps.length > 0 ? ["age"] : [])]);
  return JSON.stringify(
    Object.entries(rule)
      .filter(([key]) => !filled.has(key))
      .sort(),
  );
}

describe("a step with values that only a run knows", () => {
  it("deletes nothing, whatever they are", () => {
    fc.assert(
      fc.property(cases, (one) => {
        if (one.open.length === 0) return;
        const { translations } = readWorkflow(workflow(one.uses, opened(one)), "clean.yml");
        const { entries } = entriesOf(translations, {}, stackDefaultsOf());
        assert.ok(entries.every(({ entry }) => entry.rules.every(({ rule }) => rule.action === "keep")));
        assert.ok(entries.every(({ oldDeletions }) => oldDeletions === undefined));
      }),
    );
  });

  it("suggests the rules of the values, with gaps where these belong", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const [known, unknown] = [translation(one.uses, one.options), translation(one.uses, opened(one))];
        if (known === undefined || unknown === undefined || known.open.some(({ reason }) => reason === "cannot-start")) return;
        for (const suggested of unknown.rules.filter(({ rule }) => rule.action === "delete")) {
          const same: TranslatedRule | undefined = known.rules.find(({ rule }) => rule.name === suggested.rule.name);
          assert.ok(same, `${suggested.rule.name} is no rule of the values`);
          assert.equal(bare(suggested, suggested.gaps), bare(same, suggested.gaps));
        }
        for (const kept of known.rules.filter(({ rule }) => rule.action === "keep")) {
          const same: TranslatedRule | undefined = unknown.rules.find(({ rule }) => rule.name === kept.rule.name);
          assert.ok(same, `${kept.rule.name} is not kept`);
          assert.equal(bare(same, same.gaps), bare(kept, same.gaps));
        }
      }),
    );
  });
});
