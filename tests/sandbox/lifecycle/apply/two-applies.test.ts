import assert from "node:assert/strict";
import fc from "fast-check";
import type { PolicyInput } from "../../../../components/rules/policy";
import { buildImage, buildIndex, descriptorOf, type Sandbox, type SeedVersion, startSandbox } from "../../../../sandbox";
import { now } from "../../../support/engine/world";
import { seedBlobs } from "../../../support/lifecycle/seed-blobs";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

const repository = "acme/app";
const second = 1;
const limits = { percent: 100 };
const keep = { name: "keep-releases", action: "keep", tags: ["prod", "v*"] } satisfies PolicyInput["rules"][number];

/** One deletes pull requests and what lost its tag, the other branches and what lost its tag. */
const policies = [
  ["pr-*", "2d"],
  ["dev-*", "20d"],
].map(([tag = "", olderThan = ""]): PolicyInput => {
  const rules: PolicyInput["rules"] = [
    keep,
    { name: "drop-builds", action: "delete", tags: [tag], olderThan },
    { name: "drop-untagged", action: "delete", untagged: true, olderThan },
  ];
  return { owner: "acme", package: "app", rules, limits };
});

const builds = Array.from({ length: 9 }, (_, place) => buildImage("linux/amd64", { seed: `part ${place}` }));
const parts = builds.map(({ manifest }) => manifest);

/** Tag and days of each image, and its parts: many are shared across what the two delete and what stays. */
const images = [
  { tags: ["pr-1"], days: 100, of: [0, 1] },
  { tags: ["pr-2"], days: 90, of: [1, 2] },
  { tags: ["dev-1"], days: 80, of: [2, 3] },
  { tags: ["dev-2"], days: 70, of: [4, 5] },
  { tags: [], days: 60, of: [5, 6] },
  { tags: ["prod"], days: 50, of: [6, 7] },
  { tags: ["v1"], days: 40, of: [3, 8] },
] as const;

function indexOver(of: readonly number[], release?: string): string {
  const children = of.map((place) => descriptorOf(parts[place] as (typeof parts)[number]));
  return buildIndex(children, release === undefined ? {} : { annotations: { release } }).bytes.toString();
}

const seeds: readonly SeedVersion[] = images.flatMap(({ tags, days, of }) => {
  const about = { package: repository, createdAt: new Date(Date.parse(now) - days * 86_400_000).toISOString() };
  const manifests = of.map((place) => ({ ...about, manifest: parts[place]?.bytes.toString() ?? "" }));
  return [...manifests, { ...about, tags: [...tags], manifest: indexOver(of) }];
});

/** What happens at some request of the first stack's apply. */
type Meanwhile = { readonly at: number } & (
  | { readonly kind: "other stack" }
  | { readonly kind: "person deletes"; readonly place: number }
  | { readonly kind: "person pushes"; readonly of: readonly number[] }
  | { readonly kind: "person tags"; readonly place: number; readonly tag: string }
);

const at = fc.nat({ max: 60 });
const place = fc.nat({ max: 1000 });
const meanwhile: fc.Arbitrary<Meanwhile> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("other stack" as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("person deletes" as const), at, place }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("person pushes" as const),
      at,
      of: fc.uniqueArray(fc.nat({ max: parts.length - 1 }), { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("person tags" as const), at, place, tag: fc.constantFrom("prod", "v1", "v2") }) },
);

/** Each of them left an image incomplete, or something to do for ever, once. */
const found: readonly (readonly Meanwhile[])[] = [
  [
    { kind: "other stack", at: 40 },
    { kind: "person deletes", at: 39, place: 48 },
    { kind: "person tags", at: 18, place: 0, tag: "v2" },
  ],
  [
    { kind: "other stack", at: 0 },
    { kind: "person deletes", at: 39, place: 48 },
  ],
  [
    { kind: "person pushes", at: 0, of: [4] },
    { kind: "person deletes", at: 45, place: 776 },
    { kind: "other stack", at: 45 },
  ],
];

describe("two applies of one package at once", function () {
  this.timeout(process.env.LONG ? 1_800_000 : 300_000);

  it("leave every image whole, delete nothing that nobody approved, and have nothing left to do in the end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(meanwhile, { minLength: 1, maxLength: 4 }), async (events) => {
        const sandbox = await startSandbox({ now });
        try {
          await play(sandbox, events);
        } finally {
          await sandbox.close();
        }
      }),
      { numRuns: process.env.LONG ? 400 : 25, examples: found.map((events) => [[...events]]) },
    );
  });
});

async function play(sandbox: Sandbox, events: readonly Meanwhile[]): Promise<void> {
  sandbox.seed(seeds);
  seedBlobs(
    sandbox,
    repository,
    builds.flatMap(({ blobs }) => blobs),
  );
  const stacks = policies.map((policy) => new SimulatedStack(sandbox, policy, second));
  for (const stack of stacks) stack.token = sandbox.createToken();
  const approved = new Set<string>();
  for (const stack of stacks) {
    const { pending } = await stack.upAndApprove();
    for (const digest of Object.keys(pending?.deletions ?? {})) approved.add(digest);
  }

  const [one, other] = stacks as [SimulatedStack, SimulatedStack];
  const byHand = new Set<string>();
  for (const event of events) {
    const call = async () => {
      if (event.kind === "other stack") await other.up().catch(() => undefined);
      else actByHand(sandbox, event, byHand);
      return undefined;
    };
    sandbox.addFault({ after: event.at, effect: { kind: "call", call } });
  }
  const settled = { nothing: false };
  await one.up().catch(() => undefined);
  assertNothingLost(sandbox, approved, byHand);
  sandbox.clearFaults();
  for (let round = 0; round < 4 && !settled.nothing; round++) {
    for (const stack of stacks) await stack.up().catch(() => undefined);
    assertNothingLost(sandbox, approved, byHand);
    const previews = await Promise.all(stacks.map((stack) => stack.preview()));
    settled.nothing = previews.every(({ changes }) => !changes);
  }
  assert.ok(settled.nothing, "a preview still has something to do");

  const ledgers = new Set(stacks.flatMap((stack) => Object.keys(stack.outputs.ledger)));
  const gone = goneIn(sandbox);
  assert.deepEqual(
    gone.filter((digest) => !ledgers.has(digest) && !byHand.has(digest)),
    [],
    "gone, and in no ledger",
  );
  assert.deepEqual(
    [...ledgers].filter((digest) => !gone.includes(digest)),
    [],
    "in a ledger, and there",
  );
}

function actByHand(sandbox: Sandbox, event: Exclude<Meanwhile, { kind: "other stack" }>, byHand: Set<string>): void {
  const pkg = sandbox.store.find(repository);
  const versions = pkg?.active.all() ?? [];
  if (event.kind === "person pushes") {
    // A push has its parts there first.
    const there = event.of.filter((place) => pkg?.byDigest(parts[place]?.digest ?? "") !== undefined);
    if (there.length > 0)
      sandbox.seed([{ package: repository, tags: [`v${event.at + 10}`], manifest: indexOver(there, String(event.at)) }]);
    return;
  }
  const version = versions[event.place % versions.length];
  if (pkg === undefined || version === undefined) return;
  if (event.kind === "person tags") sandbox.seed([{ package: repository, tags: [event.tag], manifest: version.manifest.toString() }]);
  else {
    byHand.add(version.digest);
    sandbox.store.delete(pkg, version);
  }
}

function goneIn(sandbox: Sandbox): string[] {
  const { versions = [], deleted = [] } = sandbox.package(repository) ?? {};
  const there = new Set(versions.map(({ digest }) => digest));
  return [...new Set(deleted.map(({ digest }) => digest))].filter((digest) => !there.has(digest));
}

function assertNothingLost(sandbox: Sandbox, approved: ReadonlySet<string>, byHand: ReadonlySet<string>): void {
  const pkg = sandbox.store.find(repository);
  const lacking = (pkg?.active.all() ?? []).flatMap(({ tags, manifest }) => {
    const { manifests = [] } = JSON.parse(manifest.toString()) as { manifests?: { digest: string }[] };
    const missing = manifests.filter(({ digest }) => pkg?.byDigest(digest) === undefined && !byHand.has(digest));
    return missing.map(({ digest }) => `${tags.join(", ")} lacks ${digest}`);
  });
  assert.deepEqual(lacking, []);
  assert.deepEqual(
    goneIn(sandbox).filter((digest) => !approved.has(digest) && !byHand.has(digest)),
    [],
    "gone without approval",
  );
}
