import type { DeletedImages } from "../approval/record";
import { digestPrefix } from "../approval/record";
import { idsIn, restorableIn } from "../lifecycle/state/ledger";
import { readStored } from "../lifecycle/state/read-stored";
import { StoredOutputs, StoredRecord } from "../lifecycle/state/stored";
import type { PackageName } from "../model/inventory";
import { type ExportedResource, readableRecord } from "./stack-export";
import { findPolicy, type StackFile } from "./stack-file";

/** What a stack recorded of a package. */
export interface RecordedPolicy {
  readonly digests: readonly string[];
  readonly deleted: Readonly<Record<string, DeletedImages>>;
  /** Version ids by digest, as the ledger holds them. */
  readonly ids: ReadonlyMap<string, number>;
  /** The lines of its ledger. */
  readonly entries: ReturnType<typeof restorableIn>;
  /** Digests by plan id. */
  readonly plans: ReadonlyMap<string, readonly string[]>;
}

/** A package in which something may be restored, and its record in the stack's state. */
export interface Candidate {
  readonly name: PackageName;
  readonly resource?: ExportedResource | undefined;
}

export interface Asked {
  readonly stack: string;
  readonly file: StackFile;
  /** `owner/name`, or `name` where only one owner has it; absent for all packages of the stack. */
  readonly package: string | undefined;
}

/** Returns the package that is named, or else all that the stack has on record or in its config. Throws where there is none. */
export function candidatesOf({ stack, file, package: label }: Asked): Candidate[] {
  const resources = readableRecord(stack).filter(({ inputs }) => typeof inputs.owner === "string" && typeof inputs.package === "string");
  const recorded = resources.map((resource) => ({ name: nameIn(resource.inputs), resource }));
  if (label !== undefined) {
    const name = packageNamed(file, label);
    return [recorded.find((one) => labelOf(one.name) === labelOf(name)) ?? { name }];
  }
  const declared = file.policies.map(({ policy }) => ({ name: nameIn(policy) }));
  // What is on record comes last, and stays.
  const all = new Map([...declared, ...recorded].map((one): [string, Candidate] => [labelOf(one.name), one]));
  if (all.size === 0) throw new Error(`name the package with --package owner/name: the stack ${stack} has none on record or in its config`);
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, candidate]) => candidate);
}

/** Reads the record of a package; `undefined` where the stack has none. Throws where it is not understood. */
export function readRecorded({ name, resource }: Candidate): RecordedPolicy | undefined {
  if (resource === undefined) return undefined;
  const { inputs, outputs } = resource;
  const { deletions, deleted, pending } = readStored(StoredRecord, inputs, labelOf(name));
  const { ledger } = readStored(StoredOutputs, outputs, labelOf(name));
  const digests = [...new Set([...Object.keys(deletions), ...Object.keys(ledger)])];
  const plans = Object.entries(deleted).map(([id, { images }]): [string, string[]] => {
    const members = new Set(images.flat());
    return [id, digests.filter((digest) => members.has(digestPrefix(digest)))];
  });
  // An update that was killed may have begun with a plan that the state still holds as waiting.
  if (pending) plans.push([pending.id, Object.keys(pending.deletions)]);
  return {
    digests,
    deleted,
    ids: idsIn(ledger),
    entries: restorableIn(ledger),
    plans: new Map(plans.filter(([, all]) => all.length > 0)),
  };
}

function packageNamed(file: StackFile, label: string): PackageName {
  const [, owner, name] = /^([^/]+)\/(.+)$/.exec(label) ?? [];
  if (owner !== undefined && name !== undefined) return { owner, name };
  return nameIn(findPolicy(file, label).policy);
}

function nameIn(inputs: { readonly owner?: unknown; readonly package?: unknown }): PackageName {
  return { owner: String(inputs.owner), name: String(inputs.package) };
}

/** Writes `owner/name` in lower case. */
export function labelOf({ owner, name }: PackageName): string {
  return `${owner}/${name}`.toLowerCase();
}
