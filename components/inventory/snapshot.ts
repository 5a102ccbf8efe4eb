import type { Child, Inventory, Manifest, Version } from "./inventory";

/** A version by its place in the list, or the digest of what is not listed. */
type Reference = number | string;

interface Packed extends Omit<Inventory, "versions" | "manifests"> {
  readonly versions: readonly (readonly [Version["id"], Version["digest"], Version["tags"], Version["createdAt"], Version["updatedAt"]])[];
  /** What children are besides their digests: most of them are alike. */
  readonly kinds: readonly Omit<Child, "digest">[];
  readonly manifests: readonly (readonly [Reference, Omit<Manifest, "children">, readonly (readonly [Reference, number])[]])[];
}

/**
 * An inventory as one string: the program hands it to the provider, which never stores it. Each digest stands in it once, since
 * gRPC writes and reads a string letter by letter.
 */
export function encodeInventory({ versions, manifests, ...rest }: Inventory): string {
  const places = new Map(versions.map(({ digest }, place) => [digest, place]));
  const refer = (digest: string): Reference => places.get(digest) ?? digest;
  const kinds = new Map<string, number>();
  const kindOf = ({ digest: _, ...kind }: Child): number => {
    const text = JSON.stringify(kind);
    const known = kinds.get(text) ?? kinds.size;
    kinds.set(text, known);
    return known;
  };
  const packed = {
    ...rest,
    versions: versions.map(({ id, digest, tags, createdAt, updatedAt }) => [id, digest, tags, createdAt, updatedAt] as const),
    manifests: [...manifests].map(
      ([digest, { children, ...manifest }]) =>
        [refer(digest), manifest, children.map((child) => [refer(child.digest), kindOf(child)] as const)] as const,
    ),
  };
  return JSON.stringify({ ...packed, kinds: [...kinds.keys()].map((text) => JSON.parse(text)) } satisfies Packed);
}

export function decodeInventory(text: string): Inventory {
  const { versions, kinds, manifests, ...rest } = JSON.parse(text) as Packed;
  const digestOf = (reference: Reference) => (typeof reference === "string" ? reference : (versions[reference]?.[1] ?? ""));
  return {
    ...rest,
    versions: versions.map(([id, digest, tags, createdAt, updatedAt]) => ({ id, digest, tags, createdAt, updatedAt })),
    manifests: new Map(
      manifests.map(([reference, manifest, children]) => [
        digestOf(reference),
        {
          ...manifest,
          children: children.map(([child, kind]) => ({ digest: digestOf(child), ...(kinds[kind] as Omit<Child, "digest">) })),
        },
      ]),
    ),
  };
}
