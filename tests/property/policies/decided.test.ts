import assert from "node:assert/strict";
import fc from "fast-check";
import { buildGraph } from "../../../components/graph/graph";
import { check } from "../../../components/lifecycle/check";
import type { CheckedInputs } from "../../../components/lifecycle/state/stored";
import type { Inventory, Manifest, Version } from "../../../components/model/inventory";
import type { PolicyInput } from "../../../components/rules/policy";
import { noUntaggedChildren } from "../../../policies/no-untagged-children";
import { day, digestOf, moment, without } from "../../support/builders/package";
import { randomRules } from "../../support/builders/random-policy";
import { randomInventory } from "../../support/builders/random-world";
import { analyze } from "../../support/policies/analyze";
import { retentionPolicy } from "../../support/policies/inputs";

type Rules = PolicyInput["rules"];

/** What the engine hands to the pack for a package, after what it stored before. */
function decided(inventory: Inventory, rules: Rules, olds?: CheckedInputs, approve?: string): CheckedInputs {
  const { inputs, failures } = check(olds, {
    owner: inventory.package.owner,
    package: inventory.package.name,
    githubApiUrl: "https://api.github.com",
    registryUrl: "https://ghcr.io",
    deletionsPerMinute: 180,
    rules,
    limits: { deletions: 1000, percent: 100 },
    ...(approve === undefined ? {} : { approve }),
    inventory: inventory,
  });
  assert.ok(inputs, JSON.stringify(failures));
  return inputs;
}

async function refusals(inputs: object): Promise<string[]> {
  const { verdicts } = await analyze([noUntaggedChildren], retentionPolicy, inputs);
  return verdicts.map(({ message }) => message);
}

const wholeImages = randomRules.map((rules): Rules => rules.map((rule) => ({ ...rule, scope: "images" })));

/** What happens to a package between two runs: parts of the plan go, new indexes and referrers come. */
interface Change {
  readonly gone: readonly boolean[];
  readonly come: readonly { readonly place: number; readonly tagged: boolean; readonly subject: boolean; readonly days: number }[];
}

const change: fc.Arbitrary<Change> = fc.record({
  gone: fc.array(fc.boolean(), { maxLength: 12 }),
  come: fc.array(
    fc.record({ place: fc.nat({ max: 11 }), tagged: fc.boolean(), subject: fc.boolean(), days: fc.constantFrom(0, 2, 20, 100) }),
    { maxLength: 3 },
  ),
});

function changed(inventory: Inventory, planned: readonly string[], { gone, come }: Change): Inventory {
  const left = without(
    inventory,
    planned.filter((_, place) => gone[place] === true),
  );
  const versions: Version[] = [...left.versions];
  const manifests = new Map<string, Manifest>(left.manifests);
  for (const [number, { place, tagged, subject, days }] of come.entries()) {
    const target = left.versions[place % left.versions.length];
    if (target === undefined) continue;
    const digest = digestOf(`new ${number}`);
    const at = moment - days * day;
    versions.push({ id: 5000 + number, digest, tags: tagged ? [`new-${number}`] : [], createdAt: at, updatedAt: at });
    const children = subject ? [] : [{ digest: target.digest, index: false, label: "part" }];
    manifests.set(digest, { index: !subject, children, ...(subject ? { subject: target.digest } : {}) });
  }
  return { ...left, versions, manifests };
}

/** Nothing that is planned is needed by anything that is not, and nothing that goes now by anything that goes later. */
function isWhole(inventory: Inventory, { deletions, pending }: CheckedInputs): boolean {
  const { nodes, keptBy, byDigest } = buildGraph(inventory);
  const placesOf = (digests: readonly string[]) => new Set(digests.flatMap((digest) => byDigest.get(digest) ?? []));
  const now = placesOf(Object.keys(deletions));
  const ever = placesOf([...Object.keys(deletions), ...Object.keys(pending?.deletions ?? {})]);
  const mayStay = (set: ReadonlySet<number>, node: number, keeper: number) => {
    const { userTags = [], subjects = [] } = nodes[node] ?? {};
    // A referrer that people tagged goes by its tags, although its subject stays.
    return set.has(keeper) || (userTags.length > 0 && subjects.includes(keeper));
  };
  return [now, ever].every((set) => [...set].every((node) => (keptBy[node] ?? []).every((keeper) => mayStay(set, node, keeper))));
}

describe("no-untagged-children and the plans of ghcr-retention", () => {
  it("lets every plan pass, before its approval and after", async () => {
    await fc.assert(
      fc.asyncProperty(randomInventory, wholeImages, async (inventory, rules) => {
        const first = decided(inventory, rules);
        assert.deepEqual(await refusals(first), []);
        assert.deepEqual(await refusals(decided(inventory, rules, first, first.pending?.id)), []);
      }),
      { numRuns: 300 },
    );
  });

  it("judges by itself what is left of a plan when the package changed meanwhile", async () => {
    await fc.assert(
      fc.asyncProperty(randomInventory, wholeImages, change, async (inventory, rules, between) => {
        const first = decided(inventory, rules);
        const approved = decided(inventory, rules, first, first.pending?.id);
        const later = changed(inventory, Object.keys(approved.deletions), between);
        const inputs = decided(later, rules, approved, first.pending?.id);
        assert.equal((await refusals(inputs)).length === 0, isWhole(later, inputs));
      }),
      { numRuns: 500 },
    );
  });

  it("refuses each of them with one of the keepers taken out", async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(randomInventory, wholeImages, fc.nat(), async (inventory, rules, number) => {
        const inputs = decided(inventory, rules);
        const keepers = Object.keys(inputs.evidence?.keepers ?? {});
        const { pending } = inputs;
        const keeper = keepers[number % keepers.length];
        fc.pre(pending !== undefined && keeper !== undefined);
        const deletions = Object.fromEntries(Object.entries(pending.deletions).filter(([digest]) => !digest.startsWith(keeper)));
        const messages = await refusals({ ...inputs, pending: { ...pending, deletions } });
        assert.equal(messages.length, 1);
        assert.match(messages[0] ?? "", new RegExp(`needed by ${keeper}, which stays`));
        refused++;
      }),
      { numRuns: 100 },
    );
    assert.ok(refused >= 100);
  });
});
