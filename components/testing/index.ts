import { createHash } from "node:crypto";
import { protectedNames, sortProtection } from "../in-use/in-use";
import { check } from "../lifecycle/check";
import type { Outputs, ProgramInputs } from "../lifecycle/state/stored";
import { ConfigError } from "../model/errors";
import type { Inventory, Manifest } from "../model/inventory";

/** A version of a package in a unit test. */
export interface FakeVersion {
  /** By default, one that follows from the other properties. */
  readonly digest?: string;
  readonly tags?: readonly string[];
  /** When it was pushed, ISO 8601. */
  readonly createdAt: string;
  /** Digests of the images that it lists, which makes it an image index. */
  readonly children?: readonly string[];
}

/** What a preview would see of a package. */
export interface FakeObservation {
  /** GitHub's clock, ISO 8601. */
  readonly now: string;
  readonly versions: readonly FakeVersion[];
}

/** The outputs of a `RetentionPolicy` that say what would be deleted; its inputs stand beside them. */
export interface PlannedState extends Pick<Outputs, "pending" | "planId" | "counts" | "ledger"> {
  /** Versions whose deletion is approved, by digest, with the reason. */
  readonly deletions: Readonly<Record<string, string>>;
}

/**
 * Plans what the first `pulumi up` of a policy would do with a package. `inputs` are those that Pulumi's mocks pass to `newResource`;
 * the result is the resource's state. Pure: it reads nothing and deletes nothing. Throws if the policy is not valid.
 */
export function plannedState(inputs: object, { now, versions }: FakeObservation): PlannedState {
  const written = inputs as ProgramInputs;
  const policy = { ...written, ...protectionOf(written) };
  const { inputs: checked, failures = [] } = check({}, { ...policy, inventory: inventoryOf(written, now, versions) });
  if (checked === undefined || failures.length > 0) throw new ConfigError(failures.map(({ reason }) => reason).join("\n"));
  const { pending, deletions } = checked;
  const counts = { deleted: 0, remaining: Object.keys(deletions).length, pending: Object.keys(pending?.deletions ?? {}).length };
  return { ...written, ...checked, planId: pending?.id ?? "none", counts, ledger: {} };
}

/** Under mocks, images in use stand among the inputs as they were written: nobody has looked which digests they are. */
function protectionOf({ owner, package: name, registryUrl, protect }: ProgramInputs): Pick<ProgramInputs, "protect"> {
  if (protect === undefined) return {};
  return { protect: protectedNames(sortProtection(protect, new URL(registryUrl).host), { owner, name }) as string[] };
}

function inventoryOf({ owner, package: name }: ProgramInputs, now: string, versions: readonly FakeVersion[]): Inventory {
  const known = versions.map((version, place) => ({
    ...version,
    digest: version.digest ?? digestOf(JSON.stringify([owner, name, place, version])),
    createdAt: timeOf("createdAt", version.createdAt),
  }));
  return {
    package: { owner, name },
    now: timeOf("now", now),
    versions: known.map(({ digest, tags = [], createdAt }, place) => ({ id: place + 1, digest, tags, createdAt, updatedAt: createdAt })),
    manifests: new Map(known.map(({ digest, children }) => [digest, manifestOf(children)])),
    deleted: [],
    // A policy with `inUse` would leave everything that GitHub was not asked about.
    deployments: Object.fromEntries(known.map(({ digest }) => [digest, { kind: "answered", deployments: [] }])),
  };
}

function manifestOf(children: FakeVersion["children"]): Manifest {
  if (children === undefined) return { index: false, children: [] };
  return { index: true, children: children.map((digest) => ({ digest, index: false, label: "image" })) };
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function timeOf(key: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new ConfigError(`${key}: "${text}" is no time; expected one such as 2026-11-23T12:00:00Z.`);
  return time;
}
