import { z } from "zod";
import type { DeletionReason } from "../plan/deletion-reason";
import type { StayReason } from "../plan/stay-reason";
import type { FreedStorage } from "../plan/storage";
import { planStates } from "../report/paragraph";

/** The version of the form: it rises when a field changes its meaning or goes, not when one is added. */
export const schemaVersion = 1;

const Count = z.int().nonnegative();
const Bytes = Count.nullable();
/** In UTC, in whole seconds, as all commands write it: https://www.rfc-editor.org/rfc/rfc3339 */
const Time = z.iso.datetime({ precision: 0 }).nullable();
const Day = z.iso.date().nullable();

/** What becomes of a version. */
export const verdicts = {
  goes: "its deletion is approved, and the next `pulumi up` deletes it",
  waits: "a plan deletes it, and waits for approval",
  "cannot-be-approved": "a plan deletes it that nobody can approve, since it exceeds the policy's limits",
  refused: "its deletion is approved, and GitHub refused it",
  restored: "it was deleted under an approval that still stands, and restored since; deleting it again takes another approval",
  "in-grace": "it may go from `graceUntil` on",
  withheld: "rules match it, and it stays",
  stays: "it stays",
  restorable: "it is deleted, and GitHub can restore it until `restorableUntil`",
  restoring: "it is deleted, and the next `pulumi up` restores it",
} as const;
export type ListedVerdict = keyof typeof verdicts;

/** Every kind of reason; the compiler holds this to those that a decision has. */
const reasonKinds = {
  "tagged-image": true,
  "untagged-image": true,
  part: true,
  leftover: true,
  interrupted: true,
  found: true,
  recorded: true,
  protected: true,
  young: true,
  "kept-by-rule": true,
  deployed: true,
  "held-by-referrer": true,
  dangling: true,
  "no-rule": true,
  "only-derived-tags": true,
  "last-tagged": true,
  "last-version": true,
  needed: true,
  "needed-indirectly": true,
  unclassified: true,
  "deployments-unknown": true,
  "not-selected": true,
} as const satisfies Record<DeletionReason["kind"] | StayReason["kind"], true>;

const Storage = z
  .object({
    bytes: Count,
    accuracy: z.enum(["exact", "at-least", "at-most", "about"] as const satisfies readonly FreedStorage["accuracy"][]),
    unread: Count.describe("Manifests of the package that were not read; `--sizes` reads them."),
  })
  .nullable();

const Version = z.object({
  id: Count.nullable().describe("GitHub's id of the version; null where it is not known."),
  digest: z.string().describe("In full."),
  tags: z.array(z.string()),
  role: z
    .enum(["root", "child", "referrer"])
    .nullable()
    .describe("`root`: an image; `child`: listed by an index or named in a layer; `referrer`: has a subject. Null for what is deleted."),
  kind: z
    .string()
    .nullable()
    .describe(
      "What its manifest is: `index`, which lists others, `image`, or the name of its artifact type, such as `Helm chart`; null where it was not read.",
    ),
  artifactType: z.string().nullable(),
  platform: z.string().nullable().describe("As the index that lists it says: `linux/arm64`."),
  verdict: z.enum(Object.keys(verdicts) as [ListedVerdict, ...ListedVerdict[]]).describe(
    Object.entries(verdicts)
      .map(([verdict, meaning]) => `\`${verdict}\`: ${meaning}`)
      .join("; "),
  ),
  plan: z.string().nullable().describe("The plan that deletes or deleted it; null where none does, or where it is not known."),
  graceUntil: Day.describe("The day from which it may go."),
  deletedAt: Time,
  restorableUntil: Day,
  reason: z.object({
    kind: z.enum(Object.keys(reasonKinds) as [keyof typeof reasonKinds, ...(keyof typeof reasonKinds)[]]),
    as: z.string().nullable().describe("What it is for the version in `of`: `linux/arm64`, `signature`."),
    of: z.string().nullable().describe("The digest of the version that takes it along, or that needs it."),
  }),
  because: z.string().describe("The reason in words, as a preview prints it. The words may change."),
  rules: z.array(z.string()).describe("The delete rules that match it, or the keep rule that keeps it."),
  ageSeconds: Count.nullable().describe(
    "Its age at the start of `asOf`, as `olderThan` compares it unless a rule says otherwise; 0 if it is younger.",
  ),
  createdAt: Time,
  updatedAt: Time,
  lastTaggedOn: Day.describe("The last day on which a run saw it tagged, where it has no tag now."),
  contentBytes: Bytes.describe("The config and the layers that its manifest lists; null where they are not known."),
  freesBytes: Bytes.describe(
    "Those of them that no other version of the package lists: its deletion alone frees so much. Null where it is not known.",
  ),
});
export type ListedVersion = z.output<typeof Version>;

const Plan = z.object({
  id: z.string(),
  state: z.enum(planStates).describe("`refused`: nobody can approve it, since it exceeds the policy's limits."),
  deletes: Count.describe("Versions."),
  approveWith: z.string().nullable().describe("The line that approves it."),
  frees: Storage.describe("What it frees; null where nothing is known of that."),
});

const Package = z.object({
  package: z.string().describe("`owner/name`"),
  failure: z.string().nullable().describe("Why the package could not be planned; it lists no versions then."),
  observedAt: Time.describe("By GitHub's clock."),
  asOf: Day.describe("The day at whose start ages are."),
  plans: z.array(Plan),
  versions: z.array(Version).describe("Newest first; then what GitHub can restore, the latest deletion first."),
});
export type ListedPackage = z.output<typeof Package>;

/** What `plan --json` prints. */
export const PlanList = z.object({
  schemaVersion: z.literal(schemaVersion),
  stack: z.string(),
  packages: z.array(Package),
  notes: z.array(z.string()),
  errors: z.array(z.string()).describe("Errors that concern no single package."),
});
export type PlanList = z.output<typeof PlanList>;

/** Returns the JSON Schema (2020-12) of the form. Fields may be added to it, so that others are allowed. */
export function planListSchema(): object {
  return { title: "The output of ghcr-retention plan --json", ...z.toJSONSchema(PlanList, { io: "input" }) };
}
