import type { Graph, Node } from "../graph/graph";
import type { Version } from "../model/inventory";
import { findVersion } from "../plan/find-version";
import { opinionsOn } from "../plan/judge";
import { nameOf } from "../plan/node-names";
import { type Day, startOf } from "../plan/plan-id";
import { type Exposed, exposedKeeps } from "../plan/unmatched-keeps";
import type { Opinion } from "../rules/evaluate";
import { ageOf } from "../rules/matcher";
import type { Policy } from "../rules/policy";
import type { Decision } from "./decide";
import type { Done } from "./done";
import { type Fate, fatesOf } from "./fate";
import { type Gone, goneVersions, type RecordedDeletion } from "./gone";
import type { Notice } from "./notice";

/** What becomes of the version that a reference names. `messages/explanation.ts` makes it text. */
export type Explanation =
  | ExplainedVersion
  | { readonly kind: "gone"; readonly gone: Gone }
  /** A digest's beginning that several versions share, or that is too short to be told from a misspelt tag. */
  | { readonly kind: "ambiguous"; readonly digests: readonly string[] }
  /** `listed`: GitHub lists the deleted versions, and this is none of them. */
  | { readonly kind: "unknown"; readonly listed: boolean };

/** Why one version stays or goes. Ages are milliseconds at the start of `asOf`. */
export interface ExplainedVersion {
  readonly kind: "here";
  readonly version: Version;
  readonly role: Node["role"];
  readonly asOf: Day;
  /** The artifact type, or the config's media type, as `artifactType` conditions see it. */
  readonly artifactType?: string;
  readonly fate: Fate;
  /** Every rule that matches it, with its effect. */
  readonly rules: readonly Opinion[];
  /** Patterns of keep rules that match nothing, and would match it if they are misspelt. */
  readonly misspelt: readonly Exposed[];
  /** The versions that need it directly, and what it is for them. */
  readonly neededBy: readonly Relation[];
  /** The versions that it needs directly, and what they are for it. */
  readonly needs: readonly Relation[];
  /** Digests that it lists and the package does not hold. */
  readonly missing: readonly string[];
  /** The age that `olderThan` compares unless a rule says otherwise. */
  readonly age: number;
  /** Deleted versions that had the tag by which it was asked for, the latest first. */
  readonly tagBefore: readonly Gone[];
  /** What the run says of approvals. */
  readonly notices: readonly Notice[];
}

/** `as` is `linux/arm64` or the like. */
export interface Relation {
  readonly as: string;
  readonly digest: string;
  /** Its tags, or its shortened digest. */
  readonly name: string;
}

/** What a preview knows beside its decision. */
export interface Known {
  readonly refused: Done["refused"];
  readonly ledger: readonly RecordedDeletion[];
  readonly notices: readonly Notice[];
}

/** Explains the version that a tag, a digest, a digest's beginning or a version id names, by the decision of a preview. Pure. */
export function explain(decision: Decision, policy: Policy, { refused, ledger, notices }: Known, reference: string): Explanation {
  const { graph } = decision.plan.seen;
  const gone = goneVersions(decision, ledger);
  const match = findVersion([...graph.nodes.map(({ version }) => version), ...gone], reference);
  if (match.kind === "ambiguous") return match;
  if (match.kind === "none") return { kind: "unknown", listed: graph.inventory.deleted !== undefined };
  const index = graph.byDigest.get(match.version.digest);
  if (index === undefined) return { kind: "gone", gone: match.version as Gone };
  const { plan } = decision;
  const node = graph.nodes[index] as Node;
  const { version, userTags, role, manifest } = node;
  return {
    kind: "here",
    version,
    role,
    asOf: plan.asOf,
    ...(manifest?.artifactType === undefined ? {} : { artifactType: manifest.artifactType }),
    fate: fatesOf(decision, policy, { refused, ledger: Object.fromEntries(ledger.map((entry) => [entry.digest, entry])) })(index),
    rules: opinionsOn(plan.seen, policy.rules, index),
    misspelt: exposedKeeps(plan, policy).filter(({ images }) => images.includes(index)),
    neededBy: keepersOf(graph, index),
    needs: (graph.keeps[index] ?? []).map(({ to, as }) => relation(graph, as, to)),
    missing: node.missingChildren,
    age: ageOf({ ...version, userTags }, startOf(plan.asOf)),
    tagBefore: match.by === "tag" ? gone.filter(({ tags }) => tags.includes(reference)) : [],
    notices: notices.filter(isOfApproval),
  };
}

function keepersOf(graph: Graph, index: number): Relation[] {
  return (graph.keptBy[index] ?? []).map((keeper) => {
    const edge = graph.keeps[keeper]?.find(({ to }) => to === index);
    return relation(graph, edge?.as ?? "part", keeper);
  });
}

function relation({ nodes }: Graph, as: string, index: number): Relation {
  const node = nodes[index] as Node;
  return { as, digest: node.version.digest, name: nameOf(node) };
}

const ofApproval: readonly string[] = [
  "approval-void",
  "approval-ended",
  "approval-over-limits",
  "approval-shrunk",
] satisfies Notice["kind"][];

function isOfApproval(notice: Notice): boolean {
  return ofApproval.includes((notice.kind === "recorded" ? notice.was?.kind : notice.kind) ?? "");
}
