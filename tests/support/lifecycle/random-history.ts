import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Inventory, Manifest, Version } from "../../../components/model/inventory";
import type { PolicyInput } from "../../../components/rules/policy";
import { day } from "../builders/package";
import { randomRules } from "../builders/random-policy";

/** What happens to a package, or to its policy, between two runs. Places are taken modulo what is there. */
export type Change =
  | { readonly kind: "wait"; readonly days: number }
  | { readonly kind: "tag"; readonly place: number; readonly tag: string; readonly moves: boolean }
  | { readonly kind: "push"; readonly tag: string; readonly children: readonly number[] }
  | { readonly kind: "vanish"; readonly place: number }
  /** Somebody restores what was deleted. */
  | { readonly kind: "return"; readonly place: number };

export type Step =
  | Change
  | { readonly kind: "rules"; readonly rules: readonly PolicyInput["rules"][number][] }
  /** Approves one of the plans that were shown so far, or takes the approval back. */
  | { readonly kind: "approve"; readonly which: number | undefined }
  | { readonly kind: "preview" }
  /** An update; something changes before it looks again. It may break off after so many deletions, or be killed there. */
  | { readonly kind: "up"; readonly meanwhile: readonly Change[]; readonly deletions: number; readonly killed: boolean };

const tags = ["prod", "latest", "v1", "v2", "pr-1", "pr-2", "main-1"];
const place = fc.nat({ max: 1000 });

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const), days: fc.constantFrom(0.5, 1, 3, 8, 20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("tag" as const), place, tag: fc.constantFrom(...tags), moves: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("push" as const),
      tag: fc.constantFrom(...tags),
      children: fc.array(place, { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("vanish" as const), place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("return" as const), place }) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: change },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rules" as const), rules: randomRules }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("approve" as const), which: fc.option(fc.nat({ max: 5 }), { nil: undefined, freq: 8 }) }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: "preview" as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("up" as const),
      meanwhile: fc.oneof(
        { weight: 2, arbitrary: fc.constant<Change[]>([]) },
        { weight: 1, arbitrary: fc.array(change, { maxLength: 2 }) },
      ),
      deletions: fc.constantFrom(100, 100, 1, 2),
      killed: fc.boolean(),
    }),
  },
);

export const randomSteps: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 4, maxLength: 16 });

/** The package after the change. Versions are numbered on, as GitHub does. */
export function after(inventory: Inventory, change: Change): Inventory {
  const { versions, now, deleted = [] } = inventory;
  if (change.kind === "wait") return later(inventory, now + change.days * day);
  if (change.kind === "return") return restored(inventory, deleted[change.place % Math.max(1, deleted.length)]?.id);
  const at = "place" in change ? versions[change.place % Math.max(1, versions.length)] : undefined;
  if (change.kind === "vanish") return without(inventory, at === undefined ? [] : [at.digest]);
  if (change.kind === "tag") {
    if (at === undefined) return inventory;
    const updatedAt = change.moves ? now : at.updatedAt;
    return { ...inventory, versions: moved(versions, change.tag, at.id).map((one) => (one.id === at.id ? { ...one, updatedAt } : one)) };
  }
  const id = Math.max(1000, ...versions.map((version) => version.id)) + 1;
  const digest = `sha256:${createHash("sha256").update(`pushed ${id} ${now}`).digest("hex")}`;
  const pushed: Version = { id, digest, tags: [], createdAt: now, updatedAt: now };
  return {
    ...inventory,
    versions: moved([...versions, pushed], change.tag, id),
    manifests: new Map([...inventory.manifests, [digest, manifestOf(inventory, change.children)]]),
  };
}

/** The package after a deletion: GitHub remembers it, and the registry the manifests. */
export function without(inventory: Inventory, digests: readonly string[]): Inventory {
  const { versions, now, deleted = [] } = inventory;
  const gone = versions.filter(({ digest }) => digests.includes(digest));
  return {
    ...inventory,
    versions: versions.filter(({ digest }) => !digests.includes(digest)),
    deleted: [...deleted, ...gone.map(({ id, digest, tags, createdAt }) => ({ id, digest, tags, createdAt, deletedAt: now }))],
  };
}

function later(inventory: Inventory, now: number): Inventory {
  return { ...inventory, now, deleted: (inventory.deleted ?? []).filter(({ deletedAt = 0 }) => deletedAt + 30 * day > now) };
}

function restored(inventory: Inventory, id: number | undefined): Inventory {
  const { versions, deleted = [], now } = inventory;
  const back = deleted.find((version) => version.id === id);
  if (back === undefined || versions.some(({ digest }) => digest === back.digest)) return inventory;
  const { digest, createdAt } = back;
  const tags = back.tags.filter((tag) => versions.every((version) => !version.tags.includes(tag)));
  const version: Version = { id: back.id, digest, tags, createdAt, updatedAt: now };
  return { ...inventory, versions: [...versions, version], deleted: deleted.filter((one) => one !== back) };
}

function moved(versions: readonly Version[], tag: string, to: number): Version[] {
  return versions.map((version) => {
    const others = version.tags.filter((one) => one !== tag);
    return { ...version, tags: version.id === to ? [...others, tag] : others };
  });
}

function manifestOf({ versions, manifests }: Inventory, places: readonly number[]): Manifest {
  const digests = versions.length === 0 ? [] : [...new Set(places.map((one) => versions[one % versions.length]?.digest ?? ""))];
  const children = digests.map((digest) => ({ digest, index: manifests.get(digest)?.index ?? false, label: "part" }));
  return { index: children.length > 0, children };
}
