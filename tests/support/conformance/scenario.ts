import { readFileSync } from "node:fs";
import { z } from "zod";
import { parseManifest } from "../../../components/inventory/registry/manifest";
import type { Child, Inventory, Version } from "../../../components/model/inventory";
import { day, hour, moment } from "../builders/package";

/** A peer's own scenario: a package, the peer's options, and what the peer says is left. */
export interface Scenario {
  readonly id: string;
  /** The peer's options as written in its tests. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly inventory: Inventory;
}

export interface CleanupActionScenario extends Scenario {
  readonly expected: { readonly digests: readonly string[]; readonly tags: readonly string[] };
}

export interface ManifestGraphScenario extends Scenario {
  readonly expected: {
    readonly manifestCount: number;
    readonly tagCount: number;
    readonly presentTags: readonly string[];
    readonly absentTags: readonly string[];
  };
}

const Inputs = z.record(z.string(), z.string());

const CleanupActionFile = z.array(
  z.object({
    id: z.string(),
    inputs: Inputs,
    versions: z.array(
      z.object({ digest: z.string(), tags: z.array(z.string()), children: z.array(z.string()), seq: z.int(), lastPush: z.int() }),
    ),
    expected: z.object({ digests: z.array(z.string()), tags: z.array(z.string()) }),
  }),
);

const ManifestGraphFile = z.array(
  z.object({
    id: z.string(),
    inputs: Inputs,
    versions: z.array(z.object({ id: z.int(), digest: z.string(), tags: z.array(z.string()), manifest: z.unknown() })),
    expected: z.object({
      manifestCount: z.int(),
      tagCount: z.int(),
      presentTags: z.array(z.string()),
      absentTags: z.array(z.string()),
    }),
  }),
);

/** The 24 scenarios of dataaxiom/ghcr-cleanup-action. */
export function cleanupActionScenarios(): CleanupActionScenario[] {
  return CleanupActionFile.parse(corpus("cleanup-action-24.json")).map(({ versions, ...scenario }) => {
    const indexes = new Set(versions.filter(({ children }) => children.length > 0).map(({ digest }) => digest));
    const childOf = (digest: string): Child => ({ digest, index: indexes.has(digest), label: "manifest" });
    return {
      ...scenario,
      inventory: inventoryOf(
        versions.map(({ digest, tags, seq, lastPush }) => ({ id: seq, digest, tags, ...pushedAt(seq, lastPush) })),
        versions.map(({ digest, children }) => [digest, { index: indexes.has(digest), children: children.map(childOf) }]),
      ),
    };
  });
}

/** The 36 scenarios of ghcr-manager/ghcr-cleanup-manager, with real manifests. */
export function manifestGraphScenarios(): ManifestGraphScenario[] {
  return ManifestGraphFile.parse(corpus("manifest-graph-36.json")).map(({ versions, ...scenario }) => ({
    ...scenario,
    inventory: inventoryOf(
      versions.map(({ id, digest, tags }) => ({ id, digest, tags, ...pushedAt(id, id) })),
      versions.map(({ digest, manifest }) => [digest, parseManifest(JSON.stringify(manifest), undefined, digest)]),
    ),
  }));
}

/** An hour apart, in the peer's order, and so long ago that no minimum age interferes. */
function pushedAt(first: number, last: number): Pick<Version, "createdAt" | "updatedAt"> {
  const start = moment - 1000 * day;
  return { createdAt: start + first * hour, updatedAt: start + last * hour };
}

function inventoryOf(versions: Version[], manifests: Iterable<readonly [string, Parsed]>): Inventory {
  return { package: { owner: "peer", name: "package" }, now: moment, versions, manifests: new Map(manifests) };
}

type Parsed = ReturnType<typeof parseManifest>;

function corpus(name: string): unknown {
  return JSON.parse(readFileSync(`${__dirname}/../../corpus/${name}`, "utf8"));
}
