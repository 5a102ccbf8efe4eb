import { latestGone, listedAs, mergeImages } from "../approval/found";
import { type DeletedImages, digestPrefix } from "../approval/record";
import { membersOf } from "../approval/restore-references";
import { noMemory } from "../inventory/cache/package-cache";
import type { Connection } from "../inventory/connection";
import { listDeleted } from "../inventory/github/list-deleted";
import { listVersions } from "../inventory/github/list-versions";
import { findRoute } from "../inventory/github/packages-api";
import { firstOf } from "../messages/plurals";
import { RetentionError } from "../model/errors";
import type { DeletedVersion, PackageName } from "../model/inventory";
import { dayOf } from "../plan/plan-id";
import { ofEach } from "./of-each";
import { type Asked, type Candidate, candidatesOf, labelOf, type RecordedPolicy, readRecorded } from "./recorded-policies";

/** What to restore: a plan of this stack, or an image or a time by which GitHub's list is searched where the stack has no record. */
export interface Reference {
  readonly kind: "plan" | "tag" | "digest" | "since";
  readonly value: string;
}

/** Deleted versions of a package, and what is known of them. */
interface Restorable {
  readonly name: PackageName;
  readonly digests: readonly string[];
  readonly deleted: Readonly<Record<string, DeletedImages>>;
  /** Version ids by digest, as the ledger holds them. */
  readonly ids: ReadonlyMap<string, number>;
  /** As the config names it: a digest is whole. */
  readonly reference: string;
}

interface Search extends Asked {
  readonly connection: Connection;
  readonly reference: Reference;
  /** Told of packages that cannot be searched, where others can. */
  readonly warn: (text: string) => void;
}

/**
 * Finds what a reference means, by the stack's record or else by GitHub's list, in all packages of the stack unless one is named. Throws
 * where nothing is named so, or something in several packages.
 */
export async function findRestorable(search: Search): Promise<Restorable> {
  const { stack, reference, connection, warn } = search;
  const candidates = candidatesOf(search);
  const { found: read, failures } = await ofEach(candidates, async (candidate) => ({ candidate, recorded: readRecorded(candidate) }));
  failures.forEach(warn);
  const onRecord = read.flatMap(({ candidate, recorded }) => (recorded && restorableOnRecord(candidate, recorded, reference)) ?? []);
  if (onRecord.length > 0) return withPartsOnList(connection, theOnly(onRecord, reference));
  if (reference.kind === "plan") throw new Error(unknownPlan(stack, reference.value));

  const listed = await ofEach(read, ({ candidate, recorded }) => restorableOnList(connection, candidate, recorded, reference));
  listed.failures.forEach(warn);
  const there = listed.found.flatMap(({ restorable }) => restorable ?? []);
  if (there.length > 0) return theOnly(there, reference);
  const [onList, recorded] = [listed.found.map(({ gone }) => gone), read.map((one) => one.recorded?.digests.length ?? 0)];
  throw new Error(
    `${firstOf(
      candidates.map(({ name }) => labelOf(name)),
      5,
    )}: nothing that GitHub can still restore has the ${nounOf(reference)}: ` +
      `GitHub lists ${sum(onList)} deleted versions, and the stack ${stack} has ${sum(recorded)} on record.`,
  );
}

/** Throws where several packages have what is asked for: only a person knows which one is meant. */
function theOnly(found: readonly Restorable[], reference: Reference): Restorable {
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const names = firstOf(
    found.map(({ name }) => labelOf(name)),
    10,
  );
  throw new Error(
    `${found.length} packages have something to restore by --${reference.kind} ${reference.value}: name one with --package: ${names}`,
  );
}

function nounOf({ kind, value }: Reference): string {
  return `${kind === "since" ? "time" : kind} ${value}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function unknownPlan(stack: string, id: string): string {
  return (
    `no policy of the stack ${stack} has deleted anything under the plan ${id} that GitHub may still restore: ` +
    "expected an id that an earlier preview printed. `pulumi stack export` lists what was deleted under `ledger`; " +
    "without a record, --tag, --digest and --since search GitHub's list."
  );
}

function restorableOnRecord({ name }: Candidate, recorded: RecordedPolicy, asked: Reference): Restorable | undefined {
  const { kind } = asked;
  // A time is about GitHub's list: by whomever something was deleted.
  if (kind === "since") return undefined;
  const value = wholeValue(asked, recorded.digests);
  const members = new Set(membersOf(recorded.deleted, value));
  const digests = kind === "plan" ? recorded.plans.get(value) : recorded.digests.filter((digest) => members.has(digestPrefix(digest)));
  return digests === undefined || digests.length === 0 ? undefined : { name, ...recorded, digests, reference: value };
}

/** Adds the parts that GitHub lists as deleted and no run of the stack deleted: an image without them is of no use. */
async function withPartsOnList(connection: Connection, found: Restorable): Promise<Restorable> {
  const known = new Set(found.digests.map(digestPrefix));
  const missing = new Set(membersOf(found.deleted, found.reference).filter((member) => !known.has(member)));
  if (missing.size === 0) return found;
  try {
    const { gone } = await listGone(connection, found.name);
    const parts = gone.filter(({ digest }) => missing.has(digestPrefix(digest)));
    return { ...found, digests: [...found.digests, ...parts.map(({ digest }) => digest)] };
  } catch (error) {
    // Where GitHub refuses its list, what is on record comes back, and its images are verified like all others.
    if (error instanceof RetentionError) return found;
    throw error;
  }
}

async function listGone(
  { github }: Connection,
  name: PackageName,
): Promise<{ readonly gone: readonly DeletedVersion[]; readonly now: number }> {
  const { route } = await findRoute(github, name);
  const { versions, now } = await listVersions(github, name, route, noMemory);
  const there = new Set(versions.map(({ digest }) => digest));
  return { gone: latestGone(await listDeleted(github, name, route), there), now };
}

async function restorableOnList(
  connection: Connection,
  { name }: Candidate,
  recorded: RecordedPolicy | undefined,
  asked: Reference,
): Promise<{ readonly restorable: Restorable | undefined; readonly gone: number }> {
  const { gone, now } = await listGone(connection, name);
  const value = wholeValue(
    asked,
    gone.map(({ digest }) => digest),
  );
  const { digests, deleted } = listedAs(gone, value, dayOf(now));
  const { deleted: onRecord = {}, ids = new Map<string, number>() } = recorded ?? {};
  const restorable = digests.length === 0 ? undefined : { name, digests, deleted: mergeImages(onRecord, deleted), ids, reference: value };
  return { restorable, gone: gone.length };
}

/** Completes a digest of which only the beginning is given, as `--list` prints it. Throws where several begin so. */
function wholeValue({ kind, value }: Reference, digests: readonly string[]): string {
  if (kind !== "digest") return value;
  const fitting = digests.filter((digest) => digest.startsWith(value));
  if (fitting.length > 1)
    throw new Error(`--digest ${value} begins ${fitting.length} digests: ${firstOf(fitting, 3)}: expected more of it`);
  return fitting[0] ?? value;
}
