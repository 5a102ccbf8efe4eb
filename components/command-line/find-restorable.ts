import { latestGone, listedAs, mergeImages } from "../approval/found";
import { type DeletedImages, digestPrefix } from "../approval/record";
import { membersOf } from "../approval/restore-references";
import { noMemory } from "../inventory/cache/package-cache";
import type { Connection } from "../inventory/connection";
import { listDeleted } from "../inventory/github/list-deleted";
import { listVersions } from "../inventory/github/list-versions";
import { findRoute } from "../inventory/github/packages-api";
import { idsIn, restorableIn } from "../lifecycle/state/ledger";
import { readStored } from "../lifecycle/state/read-stored";
import { StoredOutputs, StoredRecord } from "../lifecycle/state/stored";
import type { PackageName } from "../model/inventory";
import { dayOf } from "../plan/plan-id";
import { exportedResources } from "./stack-export";
import { findPolicy, type StackFile } from "./stack-file";

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
}

interface Search {
  readonly connection: Connection;
  readonly stack: string;
  readonly file: StackFile;
  readonly reference: Reference;
  /** `owner/name`; absent where the stack's policy is the only one. */
  readonly package: string | undefined;
}

/** Finds what a reference means, by the stack's record or else by GitHub's list. Throws where nothing is named so. */
export async function findRestorable(search: Search): Promise<Restorable> {
  const { stack, reference } = search;
  if (reference.kind !== "plan") return findByImage(search);
  const wanted = search.package?.toLowerCase();
  const policies = recordedPolicies(stack).filter(({ name }) => wanted === undefined || labelOf(name) === wanted);
  const found = policies.find(({ plans }) => plans.has(reference.value));
  if (found !== undefined) return { ...found, digests: found.plans.get(reference.value) ?? [] };
  throw new Error(
    `no policy of the stack ${stack} has deleted anything under the plan ${reference.value} that GitHub may still restore: ` +
      "expected an id that an earlier preview printed. `pulumi stack export` lists what was deleted under `ledger`; " +
      "without a record, --tag, --digest and --since search GitHub's list.",
  );
}

async function findByImage({ connection, stack, file, reference, package: label }: Search): Promise<Restorable> {
  const { name, recorded } = findPackage({ stack, file, package: label });
  const { deleted = {}, ids = new Map<string, number>() } = recorded ?? {};
  // A time is about GitHub's list: by whomever something was deleted.
  const members = new Set(reference.kind === "since" ? [] : membersOf(deleted, reference.value));
  const digests = (recorded?.digests ?? []).filter((digest) => members.has(digestPrefix(digest)));
  if (digests.length > 0) return { name, digests, deleted, ids };

  const { route } = await findRoute(connection.github, name);
  const { versions, now } = await listVersions(connection.github, name, route, noMemory);
  const there = new Set(versions.map(({ digest }) => digest));
  const gone = latestGone(await listDeleted(connection.github, name, route), there);
  const listed = listedAs(gone, reference.value, dayOf(now));
  if (listed.digests.length > 0) return { name, digests: listed.digests, deleted: mergeImages(deleted, listed.deleted), ids };
  throw new Error(
    `${labelOf(name)}: nothing that GitHub can still restore has the ${reference.kind === "since" ? "time" : reference.kind} ${reference.value}: ` +
      `GitHub lists ${gone.length} deleted versions, and the stack ${stack} has ${recorded?.digests.length ?? 0} on record.`,
  );
}

/** Finds the package that is named, or the only one on record, and what the stack recorded of it. */
export function findPackage({ stack, file, package: label }: Pick<Search, "stack" | "file" | "package">): {
  readonly name: PackageName;
  readonly recorded: RecordedPolicy | undefined;
} {
  const policies = recordedPolicies(stack);
  const name = packageOf(file, label, policies);
  return { name, recorded: policies.find((policy) => labelOf(policy.name) === labelOf(name)) };
}

function packageOf(file: StackFile, label: string | undefined, policies: readonly RecordedPolicy[]): PackageName {
  if (label !== undefined) {
    const [, owner, name] = /^([^/]+)\/(.+)$/.exec(label) ?? [];
    if (owner !== undefined && name !== undefined) return { owner, name };
    const { policy } = findPolicy(file, label);
    return { owner: policy.owner, name: policy.package };
  }
  const [only, ...others] = policies;
  if (only !== undefined && others.length === 0) return only.name;
  const there = policies.map(({ name }) => labelOf(name)).join(", ") || "none";
  throw new Error(`name the package with --package owner/name; policies in the stack's state: ${there}`);
}

/** What a stack recorded of a package. */
export interface RecordedPolicy extends Restorable {
  /** The lines of its ledger. */
  readonly entries: ReturnType<typeof restorableIn>;
  /** Digests by plan id. */
  readonly plans: ReadonlyMap<string, readonly string[]>;
}

function recordedPolicies(stack: string): RecordedPolicy[] {
  return exportedResources(stack).map(({ inputs, outputs }) => {
    const label = `${inputs.owner}/${inputs.package}`;
    const { deletions, deleted, pending } = readStored(StoredRecord, inputs, label);
    const { ledger } = readStored(StoredOutputs, outputs, label);
    const digests = [...new Set([...Object.keys(deletions), ...Object.keys(ledger)])];
    const plans = Object.entries(deleted).map(([id, { images }]): [string, string[]] => {
      const members = new Set(images.flat());
      return [id, digests.filter((digest) => members.has(digestPrefix(digest)))];
    });
    // An update that was killed may have begun with a plan that the state still holds as waiting.
    if (pending) plans.push([pending.id, Object.keys(pending.deletions)]);
    return {
      name: { owner: String(inputs.owner), name: String(inputs.package) },
      digests,
      deleted,
      ids: idsIn(ledger),
      entries: restorableIn(ledger),
      plans: new Map(plans.filter(([, all]) => all.length > 0)),
    };
  });
}

/** Writes `owner/name` in lower case. */
export function labelOf({ owner, name }: PackageName): string {
  return `${owner}/${name}`.toLowerCase();
}
