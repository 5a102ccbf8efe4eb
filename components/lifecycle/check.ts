import type { dynamic } from "@pulumi/pulumi";
import { type Decision, decide } from "../approval/decide";
import { evidenceOf } from "../approval/evidence";
import type { Situation } from "../approval/find-approved";
import { isFault, type Notice, noticeIdOf } from "../approval/notice";
import { approvedByOrganization, type OrganizationApproval, type OrganizationRecord, withOffer } from "../approval/organization-id";
import { buildGraph } from "../graph/graph";
import { neverKnownText, notObservedText } from "../messages/run-part";
import { hidingSecrets } from "../messages/secrets";
import { RetentionError } from "../model/errors";
import type { Policy } from "../rules/policy";
import { readStored } from "./state/read-stored";
import { approvalRecord, type CheckedInputs, type ProgramInputs, type StoredInputs, StoredRecord, storeRecord } from "./state/stored";
import { storeNotices } from "./state/stored-notices";
import { offersKey, recallOrganization, type StoredOrganization, storeOrganization } from "./state/stored-offers";
import { storedPolicy } from "./state/stored-policy";
import { seenKey } from "./state/stored-seen";
import { holdsUnknown } from "./state/unknown";

/**
 * Turns the inventory and the record into the inputs that the engine prints and stores. Pure.
 * If a value is not known yet, or the program could not observe the package, the record stays as it is and nothing new enters it (S3).
 */
export function check(olds: unknown, news: ProgramInputs): dynamic.CheckResult<CheckedInputs> {
  try {
    return checked(olds, news);
  } catch (error) {
    if (error instanceof RetentionError) return { failures: [{ property: "rules", reason: error.message }] };
    throw error;
  }
}

function checked(olds: unknown, news: ProgramInputs): dynamic.CheckResult<CheckedInputs> {
  const { inventory: look, awaited = [], ...known } = withoutNull(news);
  const { observationError: lookError, policyError, organization, ...settings } = known;
  const record = readStored(StoredRecord, olds ?? {}, `${news.owner}/${news.package}`);
  // A value that is refused may be one that is not known yet.
  if (policyError !== undefined && !holdsUnknown(policyError)) return { failures: [{ property: "rules", reason: policyError }] };
  if (typeof look === "string" || holdsUnknown(known)) return { inputs: { ...settings, ...asStored(olds) } };
  // The program reports the error and fails. A check failure would keep the engine from showing the packages after this one.
  if (lookError !== undefined) return { inputs: { ...settings, ...asStored(olds), unseen: true } };
  if (look === undefined && awaited.length > 0) return withoutAwaited(olds, news, awaited);
  if (look === undefined) return { failures: [{ property: "package", reason: notObservedText(`${news.owner}/${news.package}`) }] };

  const graph = buildGraph(look);
  const written = storedPolicy(settings);
  const recorded = {
    ...approvalRecord(record, graph.byDigest.keys()),
    ...policyOf(olds),
    ...(isNew(olds) ? { isNew: true as const } : {}),
  };
  const remembered = rememberedOf(olds);
  const approve = organization ? approvalOf({ graph, policy: written, record: recorded }, remembered, organization) : ownApproval(written);
  const decideUnder = (plan: string | undefined) => {
    const { approve: _approve, ...rest } = written;
    return decide(graph, plan === undefined ? rest : { ...rest, approve: plan }, recorded, approve.named);
  };
  const { plan, decision } = honoured(approve, decideUnder);
  const evidence = evidenceOf(decision, hidingSecrets(settings.secrets?.includes("protect") ? written.protect : []));
  return {
    inputs: {
      ...settings,
      ...(plan === undefined ? {} : { approve: plan }),
      ...(organization ? storeOrganization(remember(organization, approve, remembered, decision)) : {}),
      ...storeRecord(decision),
      ...(evidence ? { evidence } : {}),
      ...storeNotices(decision.notices),
    },
  };
}

/** Returns the policy of the last run, unless another build wrote one that this build does not take. */
function policyOf(olds: unknown): { readonly policy?: Policy } {
  const { owner, rules } = (olds ?? {}) as Partial<CheckedInputs>;
  if (owner === undefined || rules === undefined) return {};
  try {
    return { policy: storedPolicy(olds as CheckedInputs) };
  } catch (error) {
    if (error instanceof RetentionError) return {};
    throw error;
  }
}

/** Reports whether no run has left a record: the engine passes no old inputs, or the first run could not observe the package. */
function isNew(olds: unknown): boolean {
  const { deletions = {}, pending, unseen } = (olds ?? {}) as Partial<CheckedInputs>;
  const isBare = Object.keys(deletions).length === 0 && pending === undefined;
  return isBare && (unseen === true || (olds as Partial<CheckedInputs> | null)?.deletions === undefined);
}

/**
 * An update leaves out what did not become known, such as the output of a resource that failed with `--continue-on-error`. The old values
 * stand in for it and nothing enters the record; the program reports it. Without a package there is nothing to keep.
 */
function withoutAwaited(olds: unknown, news: ProgramInputs, awaited: readonly string[]): dynamic.CheckResult<CheckedInputs> {
  const {
    awaited: _awaited,
    inventory: _inventory,
    observationError: _error,
    policyError: _policy,
    organization: _own,
    ...settings
  } = news;
  const before = (olds ?? {}) as Partial<CheckedInputs>;
  const keys = [...new Set(awaited.map((path) => path.replace(/[.[].*$/s, "")))] as (keyof CheckedInputs)[];
  const kept = Object.fromEntries(keys.flatMap((key) => (before[key] === undefined ? [] : [[key, before[key]]])));
  const inputs = { ...settings, ...kept, ...asStored(olds), unseen: true as const };
  if (typeof inputs.owner === "string" && typeof inputs.package === "string") return { inputs };
  return { failures: [{ property: "package", reason: neverKnownText(awaited) }] };
}

/** The engine passes `null` for an output that is `undefined`. */
function withoutNull(news: ProgramInputs): ProgramInputs {
  return Object.fromEntries(Object.entries(news).filter(([, value]) => value !== null)) as unknown as ProgramInputs;
}

interface Approval {
  /** The plan to honour. */
  readonly plan?: string;
  /** The plan that the organisation's approval covers. */
  readonly common?: string;
  /** The plans that the config names. */
  readonly named: readonly string[];
}

function ownApproval({ approve: plan }: Policy): Approval {
  return plan === undefined ? { named: [] } : { plan, named: [plan] };
}

/** A package's own approval comes first, until it is on record; then the organisation's. */
function approvalOf(
  situation: Pick<Situation, "graph" | "policy" | "record">,
  remembered: OrganizationRecord,
  organization: OrganizationApproval,
): Approval {
  const { policy, record } = situation;
  const own = ownApproval(policy);
  const common = approvedByOrganization(situation, remembered, organization);
  if (common === undefined) return own;
  const isOwnFirst = own.plan !== undefined && record.plans[own.plan] === undefined;
  return { plan: isOwnFirst ? own.plan : common, common, named: [...own.named, common] };
}

/** Decides under the package's own approval; where that approves nothing, it does not stand in the way of the organisation's. */
function honoured(
  { plan, common }: Approval,
  decideUnder: (plan: string | undefined) => Decision,
): { readonly plan: string | undefined; readonly decision: Decision } {
  const decision = decideUnder(plan);
  const isOwn = (notice: Notice) => noticeIdOf(notice)?.subject === plan && isFault(notice);
  const faults = decision.notices.filter(isOwn);
  if (common === undefined || common === plan || faults.length === 0) return { plan, decision };
  const other = decideUnder(common);
  return { plan: common, decision: { ...other, notices: [...faults, ...other.notices] } };
}

/** Remembers what was offered, and what is carried out, so that an approval of the next id covers the rest of this one. */
function remember(
  { id, approve }: OrganizationApproval,
  { common }: Approval,
  remembered: OrganizationRecord,
  { pending, going }: Decision,
): OrganizationRecord {
  const plan = pending?.id ?? (going.size > 0 ? common : undefined);
  const approved = common && approve ? { id: approve, plan: common } : undefined;
  return { ...withOffer(remembered, id && plan ? { id, plan } : undefined), ...(approved ? { approved } : {}) };
}

function rememberedOf(olds: unknown): OrganizationRecord {
  return recallOrganization((olds ?? {}) as Partial<CheckedInputs>);
}

/** Returns the record unchanged, also that of an earlier build. */
function asStored(olds: unknown): StoredInputs & StoredOrganization & { readonly candidates?: unknown } {
  const before = (olds ?? {}) as Partial<CheckedInputs> & { readonly candidates?: unknown };
  const { deletions = {}, plans = {}, pending, replaced, deleted, organization, candidates, [seenKey]: seen, [offersKey]: offers } = before;
  return {
    deletions,
    plans,
    ...(pending ? { pending } : {}),
    ...(replaced ? { replaced } : {}),
    ...(seen ? { [seenKey]: seen } : {}),
    ...(candidates ? { candidates } : {}),
    ...(deleted ? { deleted } : {}),
    ...(organization ? { organization } : {}),
    ...(offers ? { [offersKey]: offers } : {}),
  };
}
