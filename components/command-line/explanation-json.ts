import type { ExplainedVersion, Relation } from "../approval/explain";
import type { Fate } from "../approval/fate";
import type { Gone } from "../approval/gone";
import type { Graph, Node } from "../graph/graph";
import { timeText } from "../lifecycle/state/ledger";
import { deletionText } from "../messages/deletion-reason";
import { fateText, goneText, restorableText } from "../messages/explanation";
import { noticeText } from "../messages/notice";
import type { LastTagged } from "../model/inventory";
import type { DeletionReason } from "../plan/deletion-reason";
import type { StayReason } from "../plan/stay-reason";

/** Raised when a key changes its meaning or goes; new keys do not raise it. docs/rules.md describes the keys. */
const schemaVersion = 1;

/** What was asked: `owner/name` and the reference. */
export interface Asked {
  readonly package: string;
  readonly reference: string;
}

/** Returns an explanation as data: whole digests, tagged reasons, times in ISO 8601, spans in seconds. */
export function explainedJson(asked: Asked, explained: ExplainedVersion, graph: Graph): object {
  const { version, role, artifactType, asOf, fate, rules, misspelt, neededBy, needs, missing, age, tagBefore, notices } = explained;
  const { digest, id, tags, createdAt, updatedAt, lastTagged } = version;
  return {
    schemaVersion,
    ...asked,
    digest,
    versionId: id,
    tags,
    role,
    ...(artifactType === undefined ? {} : { artifactType }),
    asOf,
    verdict: { ...fateJson(fate, graph), text: fateText(fate, graph) },
    ageSeconds: secondsOf(age),
    createdAt: timeText(createdAt),
    updatedAt: timeText(updatedAt),
    ...(lastTagged ? { lastTagged: lastTaggedJson(lastTagged) } : {}),
    rules,
    misspelt: misspelt.map(({ rule, pattern, near }) => ({ rule, pattern, near })),
    neededBy: neededBy.map(relationJson),
    needs: needs.map(relationJson),
    missing,
    deletedBefore: tagBefore.map(goneFacts),
    notices: notices.map(noticeText),
  };
}

/** Returns what is known of a version that is gone, as data. */
export function goneJson(asked: Asked, gone: Gone, command: string): object {
  const { plan, reason, restorable } = gone;
  const text = goneText(gone, gone.deletedAt === undefined ? undefined : timeText(gone.deletedAt));
  const isRestorable = restorable.kind === "until" || restorable.kind === "listed";
  return {
    schemaVersion,
    ...asked,
    ...goneFacts(gone),
    verdict: {
      kind: "gone",
      ...(plan === undefined ? {} : { plan }),
      ...(reason === undefined ? {} : { reason: deletionJson(reason) }),
      text,
    },
    restorable: { ...restorable, text: restorableText(restorable), ...(isRestorable ? { command } : {}) },
  };
}

function goneFacts({ digest, id, tags, deletedAt }: Gone): object {
  return {
    digest,
    ...(id === undefined ? {} : { versionId: id }),
    tags,
    ...(deletedAt === undefined ? {} : { deletedAt: timeText(deletedAt) }),
  };
}

function fateJson(fate: Fate, graph: Graph): object {
  if (fate.kind === "stays") return { kind: fate.kind, reason: stayJson(fate.reason, graph) };
  const { planned, ...rest } = fate;
  const { image, above } = planned;
  const digestAt = (node: number) => (graph.nodes[node] as Node).version.digest;
  const isPart = above !== undefined;
  return { ...rest, reason: { ...deletionJson(planned.reason), ...(isPart ? { above: digestAt(above), image: digestAt(image) } : {}) } };
}

function deletionJson(reason: DeletionReason): object {
  const text = deletionText(reason);
  if (reason.kind === "tagged-image")
    return { kind: reason.kind, tags: reason.tags, rules: reason.rules, ageSeconds: secondsOf(reason.age), text };
  if (reason.kind !== "untagged-image") return { ...reason, text };
  const { kind, rules, age, lastTagged } = reason;
  return { kind, rules, ageSeconds: secondsOf(age), ...(lastTagged ? { lastTagged: lastTaggedJson(lastTagged) } : {}), text };
}

function lastTaggedJson({ day, tag }: LastTagged): object {
  return { day, ...(tag === undefined ? {} : { tag }) };
}

function stayJson(reason: StayReason, { nodes }: Graph): object {
  if (reason.kind !== "needed") return reason;
  const { keeper, ...rest } = reason;
  const { digest, tags } = (nodes[keeper] as Node).version;
  return { ...rest, keeper: { digest, tags } };
}

function relationJson({ as, digest }: Relation): object {
  return { as, digest };
}

function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
