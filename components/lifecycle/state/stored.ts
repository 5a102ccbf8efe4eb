import { z } from "zod";
import type { Evidence } from "../../approval/evidence";
import type { OrganizationApproval } from "../../approval/organization-id";
import type { ApprovalRecord, DeletedImages, Pending } from "../../approval/record";
import type { SnapshotFile } from "../../inventory/snapshot-file";
import { deletionTexts } from "../../messages/deletion-reason";
import { breachText } from "../../messages/limit-breach";
import type { Inventory } from "../../model/inventory";
import type { PolicyInput } from "../../rules/policy";
import { kindsOfEarlierBuild } from "./earlier-builds";
import type { Ledger } from "./ledger";
import type { StoredOrganization } from "./stored-offers";
import { type StoredIds, StoredPlan, storePlans, Words } from "./stored-plans";
import { recallReasons, StoredKinds, type StoredReasons, storeKinds } from "./stored-reasons";
import { StoredReplaced, storeReplaced } from "./stored-replaced";
import { recallCandidates, recallSightings, type StoredSeen, StoredSeenSchema, seenKey, storeSeen, WordsByDay } from "./stored-seen";

/** The resource's inputs as its constructor passes them: the policy as written, and the files between program and provider. */
export interface SnapshotInputs extends Omit<ProgramInputs, "inventory"> {
  /** A string while it is not known yet. */
  readonly snapshot?: ObservedSnapshot | string;
  /** The file in which the program says what came of its observation, once it is done: {@link ObservationInputs}. */
  readonly observation?: string;
  /** The file in which the provider says what the engine passed on. */
  readonly answer?: string;
}

/** What came of an observation. */
export interface ObservationInputs extends Pick<ProgramInputs, "observationError" | "policyError"> {
  readonly snapshot?: ObservedSnapshot;
}

export type Servers = Pick<ProgramInputs, "githubApiUrl" | "registryUrl">;

/** The file with the inventory, and the servers that were asked for it. */
export interface ObservedSnapshot extends SnapshotFile, Servers {}

/** The policy as written, and the inventory that the program took. */
export interface ProgramInputs extends PolicyInput {
  readonly githubApiUrl: string;
  readonly registryUrl: string;
  readonly deletionsPerMinute: number;
  /** A string while it is not known yet; never stored. */
  readonly inventory?: Inventory | string;
  /** Why there is no inventory. */
  readonly observationError?: string;
  /** Why the policy is not valid. */
  readonly policyError?: string;
  /** The property paths of values that were not known when the program registered the resource; never stored. */
  readonly awaited?: readonly string[];
  /** The properties that hold secrets: texts do not repeat their values. */
  readonly secrets?: readonly "protect"[];
  /** Present where an organisation's policy declares this one. */
  readonly organization?: OrganizationApproval;
}

/** A plan that waits for approval, as the diff prints it. */
export interface StoredPending {
  readonly id: string;
  readonly deletions: StoredReasons;
  readonly tags: string;
  /** By kind, the versions that are no parts of an image, as digests' first sixteen hex digits; earlier builds stored none. */
  readonly kinds?: StoredKinds;
  /** The plans that are being carried out meanwhile, and that its approval covers too. */
  readonly continues?: string;
  /** Why nobody can approve it. */
  readonly refused?: string;
}

/** The inputs that the engine prints, stores, pins and passes to policy packs. */
export interface CheckedInputs
  extends Omit<ProgramInputs, "inventory" | "awaited" | "observationError" | "policyError" | "organization">,
    StoredOrganization {
  /** Versions deleted under this policy or approved for deletion, cumulative: digest to reason. */
  readonly deletions: StoredReasons;
  /** Approved plans with the version ids that they may still delete, each list as one line of text. */
  readonly plans: Readonly<Record<string, StoredIds>>;
  readonly pending?: StoredPending;
  /** The last plans that waited and were replaced, so that a void approval of one is explained. */
  readonly replaced?: Readonly<Record<string, string>>;
  /** Deleted images by plan id, so that they can be restored; digests are their first sixteen hex digits. */
  readonly deleted?: Readonly<Record<string, StoredImages>>;
  /** Versions that this run restores: digest to the reason of their deletion. */
  readonly restoring?: StoredReasons;
  readonly [seenKey]?: StoredSeen;
  readonly evidence?: Evidence;
  readonly notices?: readonly string[];
  /** What each of the notices is about: `<kind> <subject>`; earlier builds stored none. */
  readonly noticeIds?: readonly string[];
  /** The program could not observe the package, so this run deletes nothing of it. */
  readonly unseen?: true;
}

export interface Outputs extends Omit<CheckedInputs, "deletions"> {
  /** Approved and not deleted: refused by GitHub, left by a failed run, or over `limits.deletions` of one run. */
  readonly remaining: StoredReasons;
  /** Deleted versions that can be restored, by digest, each as a {@link ledgerLine}. */
  readonly ledger: Ledger;
  /** Deleted by somebody else, as of the last refresh: digest to time and tags. Never part of the ledger. */
  readonly foreign?: Readonly<Record<string, string>>;
  /** Approved versions that stay: digest to GitHub's answer, or to the version that needs it. */
  readonly refused: StoredReasons;
  /** Restored but not pulled completely, because the run failed: digest to the reason of the deletion. */
  readonly unverified?: StoredReasons;
  /** Why the last run failed. */
  readonly failure?: string;
  /** Deleted versions after which the retained images are not verified yet: the next run verifies them. */
  readonly unproven?: readonly string[];
  /** The plan that waits for approval, or `none`. */
  readonly planId: string;
  /** Versions deleted and restorable, approved and not deleted, and waiting for approval. */
  readonly counts: { readonly deleted: number; readonly remaining: number; readonly pending: number };
}

const Strings = z.record(z.string(), z.string());
const TagMap = Words.transform((words): Record<string, string> => Object.fromEntries(words.map((word) => word.split("="))));

/** The record of earlier runs. Unknown keys are ignored; missing ones are empty. */
export const StoredRecord = z.object({
  deletions: Strings.default({}),
  plans: z.record(z.string(), StoredPlan).default({}),
  deleted: z
    .record(
      z.string(),
      z.object({
        images: Words.transform((words) => words.map((word) => word.split(","))),
        tags: TagMap,
      }),
    )
    .default({}),
  restoring: Strings.default({}),
  replaced: StoredReplaced.optional(),
  [seenKey]: StoredSeenSchema.optional(),
  /** Where earlier builds stored them. */
  candidates: WordsByDay.default({}),
  pending: z
    .object({
      id: z.string(),
      deletions: Strings,
      tags: TagMap,
      kinds: StoredKinds.optional(),
      continues: Words.optional(),
      refused: z.string().optional(),
    })
    .optional(),
});

/** {@link DeletedImages} as one line each: `image,part,part image`, `tag=image`. */
export interface StoredImages {
  readonly images: string;
  readonly tags: string;
}

function storeDeleted(deleted: Readonly<Record<string, DeletedImages>>): Record<string, StoredImages> {
  const images = (all: DeletedImages["images"]) => all.map((members) => members.join(",")).join(" ");
  return Object.fromEntries(Object.entries(deleted).map(([id, plan]) => [id, { images: images(plan.images), tags: storeTags(plan.tags) }]));
}

function storeTags(tags: DeletedImages["tags"]): string {
  return Object.entries(tags)
    .map(([tag, digits]) => `${tag}=${digits}`)
    .join(" ");
}

export const StoredOutputs = StoredRecord.omit({ deletions: true }).extend({
  ledger: Strings.default({}),
  remaining: Strings.default({}),
  refused: Strings.default({}),
  unverified: Strings.default({}),
  failure: z.string().optional(),
  unproven: z.array(z.string()).default([]),
});
export type StoredOutputs = z.output<typeof StoredOutputs>;

function storePending({ id, deletions, tags, continues, refused }: Pending): StoredPending {
  const kinds = storeKinds(deletions);
  return {
    id,
    deletions: deletionTexts(deletions),
    tags: storeTags(tags),
    ...(kinds ? { kinds } : {}),
    ...(continues ? { continues: continues.join(" ") } : {}),
    ...(refused ? { refused: breachText(refused) } : {}),
  };
}

/** The record as inputs hold it. */
export type StoredInputs = Pick<CheckedInputs, "deletions" | "plans" | "pending" | "replaced" | "deleted" | "restoring" | typeof seenKey>;

/** Writes the record as inputs hold it. Empty parts are left out, so that an idle policy has short inputs. */
export function storeRecord({
  deletions,
  plans,
  pending,
  replaced = {},
  candidates = {},
  deleted = {},
  restoring = {},
  sightings,
}: ApprovalRecord): StoredInputs {
  const isEmpty = (record: object) => Object.keys(record).length === 0;
  return {
    deletions: deletionTexts(deletions),
    plans: storePlans(plans),
    ...(pending ? { pending: storePending(pending) } : {}),
    ...(isEmpty(replaced) ? {} : { replaced: storeReplaced(replaced) }),
    ...(sightings ? { [seenKey]: storeSeen(sightings, candidates) } : {}),
    ...(isEmpty(deleted) ? {} : { deleted: storeDeleted(deleted) }),
    ...(isEmpty(restoring) ? {} : { restoring: deletionTexts(restoring) }),
  };
}

/** Returns the record among stored inputs or outputs; `digests` are those of the package now. */
export function approvalRecord(stored: z.output<typeof StoredRecord>, digests: Iterable<string>): ApprovalRecord {
  const { plans, pending, replaced, deleted, [seenKey]: seen } = stored;
  const record = {
    deletions: recallReasons(stored.deletions),
    plans,
    ...(replaced ? { replaced } : {}),
    candidates: recallCandidates(seen?.candidates ?? stored.candidates, digests),
    deleted,
    restoring: recallReasons(stored.restoring),
    ...(seen ? { sightings: recallSightings(seen) } : {}),
  };
  if (!pending) return record;
  const { id, deletions, tags, kinds, continues } = pending;
  const reasons = recallReasons(deletions, kinds ?? kindsOfEarlierBuild(deletions));
  return { ...record, pending: { id, tags, deletions: reasons, ...(continues ? { continues } : {}) } };
}
