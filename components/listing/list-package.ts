import type { Decision } from "../approval/decide";
import { planOf, plansByPrefix } from "../approval/deleted-by";
import { fatesOf } from "../approval/fate";
import { isFoundId, latestGone } from "../approval/found";
import { restorableFor } from "../approval/restore-references";
import type { Graph, Node } from "../graph/graph";
import { restorableIn, timeText } from "../lifecycle/state/ledger";
import { deletionText } from "../messages/deletion-reason";
import { stayText } from "../messages/stay-reason";
import { kindNameOf } from "../model/artifact-kinds";
import { dayOf, startOf } from "../plan/plan-id";
import { storageByVersion } from "../plan/version-storage";
import type { Finding, PlanReview, PreviewedPackage } from "../review/finding";
import { doneBy } from "../review/recorded";
import { ageOf } from "../rules/matcher";
import type { ListedPackage, ListedVersion } from "./plan-list";
import { goingReason, keepRulesIn, stayingReason } from "./reason";

/** Lists every version of a package that a preview would decide on, or says why there is no decision. Pure. */
export function listPackage({ name, failure, report, decision, preview }: Finding): ListedPackage {
  if (failure !== undefined || decision === undefined || preview === undefined)
    return { package: name, failure: failure ?? "it was not observed", observedAt: null, asOf: null, plans: [], versions: [] };
  const { plan } = decision;
  const { inventory } = plan.deletions.graph;
  const { frees } = preview;
  const plans = report?.plans ?? [];
  return {
    package: name,
    failure: null,
    observedAt: timeText(inventory.now),
    asOf: plan.asOf,
    plans: plans.map(({ id, state, deletes, approveWith = null }) => {
      return { id, state, deletes, approveWith, frees: (state === "approved" ? frees.approved : frees.waiting) ?? null };
    }),
    versions: [...versionsThere(decision, preview, plans), ...versionsGone(decision, preview)],
  };
}

type Known = "verdict" | "plan" | "graceUntil" | "reason" | "because" | "rules";
type Decided = Pick<ListedVersion, Known>;

function versionsThere(decision: Decision, preview: PreviewedPackage, plans: readonly PlanReview[]): ListedVersion[] {
  const { plan } = decision;
  const { graph } = plan.deletions;
  const platforms = platformsIn(graph);
  const storage = storageByVersion(graph);
  const decidedOn = deciderOf(decision, preview, plans);
  const moment = startOf(plan.asOf);
  return graph.nodes.map((node, index): ListedVersion => {
    const { version, role, manifest, userTags } = node;
    const { content = null, alone = null } = storage[index] ?? {};
    return {
      id: version.id,
      digest: version.digest,
      tags: [...version.tags],
      role,
      kind: kindOf(node),
      artifactType: manifest?.artifactType ?? null,
      platform: platforms.get(version.digest) ?? null,
      ...decidedOn(index),
      deletedAt: null,
      restorableUntil: null,
      ageSeconds: Math.max(0, Math.floor(ageOf({ ...version, userTags }, moment) / 1_000)),
      createdAt: timeText(version.createdAt),
      updatedAt: timeText(version.updatedAt),
      lastTaggedOn: version.lastTagged?.day ?? null,
      contentBytes: content,
      freesBytes: alone,
    };
  });
}

/** Returns a function that says what becomes of a version, and why. */
function deciderOf(decision: Decision, { policy, last }: PreviewedPackage, plans: readonly PlanReview[]): (index: number) => Decided {
  const { plan } = decision;
  const { graph } = plan.deletions;
  const fateOf = fatesOf(decision, policy, doneBy(last));
  const texts: Readonly<Record<string, string>> = Object.assign({}, ...plans.map((one) => one.reasons));
  const held = new Map(plan.withheld.map((one) => [one.node, one]));

  return (index) => {
    const fate = fateOf(index);
    if (fate.kind === "stays") {
      const matched = held.get(index);
      return {
        verdict: matched === undefined ? "stays" : "withheld",
        plan: null,
        graceUntil: null,
        reason: stayingReason(graph, fate.reason),
        because: stayText(fate.reason, graph),
        rules: matched === undefined ? keepRulesIn(fate.reason) : [...matched.rules],
      };
    }
    const { digest } = (graph.nodes[index] as Node).version;
    const verdict = plan.verdicts.get(index);
    return {
      verdict: fate.kind,
      plan: fate.kind === "in-grace" ? null : (fate.plan ?? null),
      graceUntil: fate.kind === "in-grace" ? fate.due : null,
      reason: goingReason(graph, fate.planned),
      because: texts[digest] ?? deletionText(fate.planned.reason),
      rules: verdict?.action === "delete" ? [...verdict.rules] : [],
    };
  };
}

/** What is known of a deleted version. */
interface Gone {
  readonly id: number | null;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly createdAt?: number;
  readonly deletedAt?: number;
}

/** Lists what GitHub can restore: by its own list, or by the ledger where the token may not read that. */
function versionsGone({ plan, deletions, deleted = {}, restoring = {} }: Decision, { last }: PreviewedPackage): ListedVersion[] {
  const { inventory, byDigest } = plan.deletions.graph;
  const recorded = restorableIn(last?.ledger ?? {}).filter(({ digest }) => !byDigest.has(digest));
  const gone: readonly Gone[] =
    inventory.deleted === undefined
      ? recorded
          .sort((a, b) => (b.at ?? 0) - (a.at ?? 0))
          .map(({ id, digest, tags, at }) => ({ id: Number(id) || null, digest, tags, ...(at === undefined ? {} : { deletedAt: at }) }))
      : latestGone(inventory.deleted, byDigest);
  const plans = plansByPrefix(deleted);
  return gone.map(({ id, digest, tags, createdAt, deletedAt }): ListedVersion => {
    const isBack = restoring[digest] !== undefined;
    const reason = restoring[digest] ?? deletions[digest] ?? { kind: "found" };
    const by = planOf(plans, digest);
    const isFound = isFoundId(by);
    const kind = isFound ? "found" : reason.kind === "recorded" ? (reason.was ?? reason.kind) : reason.kind;
    return {
      id,
      digest,
      tags: [...tags],
      role: null,
      kind: null,
      artifactType: null,
      platform: null,
      verdict: isBack ? "restoring" : "restorable",
      plan: by === "-" || isFound ? null : by,
      graceUntil: null,
      deletedAt: deletedAt === undefined ? null : timeText(deletedAt),
      restorableUntil: deletedAt === undefined ? null : dayOf(deletedAt + restorableFor),
      reason: { kind, as: null, of: null },
      because: deletionText(reason),
      rules: [],
      ageSeconds: null,
      createdAt: createdAt === undefined ? null : timeText(createdAt),
      updatedAt: null,
      lastTaggedOn: null,
      contentBytes: null,
      freesBytes: null,
    };
  });
}

/** Returns the platform of each manifest that an index lists, by digest. */
function platformsIn({ nodes }: Graph): Map<string, string> {
  const children = nodes.flatMap(({ manifest }) => manifest?.children ?? []);
  return new Map(children.flatMap(({ digest, platform }) => (platform === undefined ? [] : [[digest, platform] as const])));
}

function kindOf({ manifest }: Node): string | null {
  if (manifest === undefined || manifest.gone) return null;
  return kindNameOf(manifest.artifactType) ?? (manifest.index ? "index" : "image");
}
