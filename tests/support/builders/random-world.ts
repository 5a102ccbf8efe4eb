import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Child, Inventory, Manifest, Version } from "../../../components/model/inventory";
import { day, hour, moment } from "./package";

const userTags = ["prod", "latest", "v1", "v1.2", "v2", "pr-1", "pr-2", "pr-30", "main-1", "_x", "a.b-c"];
const versionTag = fc
  .tuple(
    fc.constantFrom("", "v"),
    fc.constantFrom("1.0.0", "1.0.1", "1.0.2", "1.1.0", "1.1.1", "2.0.0"),
    fc.constantFrom("", "", "", "-rc.1", "-rc.2", "-rc10", "-beta", "-1"),
    fc.constantFrom("", "", "_build.5", "-alpine", "_8-slim"),
  )
  .map((parts) => parts.join(""));

export const platformNames = ["linux/amd64", "linux/arm64", "linux/arm/v7", "windows/amd64"] as const;
export const artifactTypes = ["application/spdx+json", "application/vnd.cncf.helm.config.v1+json", "application/vnd.cosign.sig"] as const;
const annotations = [{ stage: "test" }, { stage: "a prod" }, { stage: "two\nlines", team: "a.b" }, { team: "c*d" }] as const;
const suffixes = ["", "", ".sig", ".att", ".sbom", ".vex", ".image-locations.imgpkg"];

/** Milliseconds before the moment: around ages that rules name, with ties, and a little after it. */
const ages = [400, 60, 60, 60, 30, 30, 14, 8, 7, 3, 2, 1].map((days) => days * day);
const edges = [7 * day - 1, 2 * day + 1, day - 1, day + 1, 12 * hour, 0, -1, -hour];

/** Numbers that become one version; references to others are taken modulo what is there. */
interface Seed {
  readonly kind: "image" | "index";
  readonly age: number;
  readonly updatedAge: number | undefined;
  readonly tags: readonly string[];
  readonly children: readonly Reference[];
  readonly subject: Reference | undefined;
  readonly schemes: readonly { readonly target: Reference; readonly suffix: string }[];
  /** What stands before and after its own digest in tags that tools derive from it. */
  readonly own: readonly (readonly string[])[];
  /** What a layer or the config names: by tag where the version has one, else by digest. */
  readonly named: readonly { readonly target: Reference; readonly byTag: boolean }[];
  readonly sha512: boolean;
  readonly platform: string | undefined;
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
  /** The registry does not know it, and the policy says so. */
  readonly gone: boolean | undefined;
}

interface Reference {
  readonly to: number;
  /** `below`: an older version, as real pushes refer; `any`: hand-made, may close a circle; `missing`: not in the package. */
  readonly way: "below" | "any" | "missing";
  /** The descriptor's media type is that of a blob. */
  readonly other: boolean | undefined;
}

const reference = fc.record({
  to: fc.nat({ max: 1000 }),
  way: fc.oneof(
    { weight: 20, arbitrary: fc.constant("below" as const) },
    { weight: 1, arbitrary: fc.constant("any" as const) },
    { weight: 1, arbitrary: fc.constant("missing" as const) },
  ),
  other: rarely(fc.constant(true), 12),
});

const missing: fc.Arbitrary<Reference> = fc.record({
  to: fc.nat({ max: 1000 }),
  way: fc.constant("missing" as const),
  other: fc.constant(undefined),
});

const age = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...ages) }, { weight: 1, arbitrary: fc.constantFrom(...edges) });

function rarely<Value>(value: fc.Arbitrary<Value>, oneIn: number): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

function few<Value>(value: fc.Arbitrary<Value>, none: number, maxLength: number): fc.Arbitrary<Value[]> {
  return fc.oneof(
    { weight: none, arbitrary: fc.constant<Value[]>([]) },
    { weight: 1, arbitrary: fc.array(value, { minLength: 1, maxLength }) },
  );
}

const seedParts = {
  kind: fc.constantFrom("image", "image", "index"),
  age,
  updatedAge: rarely(age, 3),
  tags: few(fc.oneof(fc.constantFrom(...userTags), versionTag), 2, 2),
  children: fc.array(reference, { minLength: 1, maxLength: 3 }),
  subject: rarely(fc.oneof({ weight: 4, arbitrary: reference }, { weight: 1, arbitrary: missing }), 5),
  schemes: few(fc.record({ target: reference, suffix: fc.constantFrom(...suffixes) }), 7, 2),
  own: few(fc.constantFrom(["", ""], ["", ".imgpkg"], ["acme-app-", ".imgpkg"]), 9, 2),
  named: few(fc.record({ target: reference, byTag: fc.boolean() }), 14, 2),
  sha512: fc.boolean(),
  platform: rarely(fc.constantFrom(...platformNames), 2),
  artifactType: rarely(fc.constantFrom(...artifactTypes), 3),
  annotations: rarely(fc.constantFrom(...annotations), 3),
  gone: rarely(fc.constant(true), 25),
} satisfies { [Key in keyof Seed]: fc.Arbitrary<unknown> };
const seed: fc.Arbitrary<Seed> = fc.record(seedParts);
const release: fc.Arbitrary<Seed> = fc.record({
  ...seedParts,
  updatedAge: fc.option(age, { nil: undefined, freq: 2 }),
  tags: fc.array(versionTag, { minLength: 1, maxLength: 2 }),
  subject: fc.constant(undefined),
});

/** Random packages: every kind of edge, depth up to the number of versions, everything read. Some hold many releases. */
export const randomInventory: fc.Arbitrary<Inventory> = fc
  .oneof(
    { weight: 3, arbitrary: fc.array(seed, { minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.array(fc.oneof(seed, { weight: 3, arbitrary: release }), { minLength: 4, maxLength: 12 }) },
  )
  .map(inventoryOf);

/** Packages of releases and little else, for what counts and compares. */
export const randomReleases: fc.Arbitrary<Inventory> = fc.array(release, { minLength: 3, maxLength: 14 }).map(inventoryOf);

function inventoryOf(seeds: readonly Seed[]): Inventory {
  const digests = seeds.map(({ sha512 }, place) => digestAt(place, sha512 && place % 4 === 0));
  const versions: Version[] = [];
  const manifests = new Map<string, Manifest>();
  const tagOf = (digest: string) => versions.find((version) => version.digest === digest)?.tags[0];
  const taken = new Set<string>();
  for (const [place, one] of seeds.entries()) {
    const digest = digests[place] as string;
    const schemes = one.schemes.map(({ target, suffix }) => `${cutTag(resolve(digests, place, target))}${suffix}`);
    const derived = one.own.map(([before, after]) => `${before}${cutTag(digest)}${after}`);
    const tags = [...new Set([...one.tags, ...schemes, ...derived])].filter((tag) => !taken.has(tag));
    for (const tag of tags) taken.add(tag);
    versions.push({
      id: 1000 + place,
      digest,
      tags,
      createdAt: moment - one.age,
      updatedAt: moment - (one.updatedAge ?? one.age),
    });
  }
  for (const [place, digest] of digests.entries()) manifests.set(digest, manifestOf(seeds, digests, place, tagOf));
  // One of the digests that nothing in the package has is in another one.
  const neighbours = [
    { name: "app", digests: [digestAt(5000, false)] },
    { name: "site", digests: [digestAt(5001, false), digestAt(5001, true)] },
  ];
  return { package: { owner: "logto-io", name: "logto" }, now: moment + 5 * hour, versions, manifests, neighbours };
}

type TagOf = (digest: string) => string | undefined;

function manifestOf(seeds: readonly Seed[], digests: readonly string[], place: number, tagOf: TagOf): Manifest {
  const { kind, children, subject, named, gone, artifactType, annotations } = seeds[place] as Seed;
  if (gone) return { index: false, children: [], gone };
  const listed = kind === "image" ? [] : children;
  return {
    index: kind === "index",
    children: listed.map((reference): Child => {
      const digest = resolve(digests, place, reference);
      const child = seeds[digests.indexOf(digest)];
      const platform = child === undefined ? platformNames[reference.to % 9] : child.platform;
      return {
        digest,
        index: child?.kind === "index" && !reference.other,
        label: `part ${digests.indexOf(digest)}`,
        ...(reference.other ? { other: true } : {}),
        ...(platform === undefined ? {} : { platform }),
      };
    }),
    ...(subject === undefined ? {} : { subject: resolve(digests, place, subject) }),
    ...(named.length === 0 ? {} : { references: named.map(({ target, byTag }) => namedBy(resolve(digests, place, target), byTag, tagOf)) }),
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

function namedBy(digest: string, byTag: boolean, tagOf: TagOf): NonNullable<Manifest["references"]>[number] {
  const tag = byTag ? tagOf(digest) : undefined;
  return { to: tag === undefined ? { digest } : { tag }, label: "named" };
}

/** Never the version itself: a manifest cannot hold its own digest. */
function resolve(digests: readonly string[], place: number, { to, way }: Reference): string {
  if (way === "missing" || digests.length === 1) return digestAt(5000 + (to % 3), false);
  if (way === "any") return digests[(place + 1 + (to % (digests.length - 1))) % digests.length] as string;
  return place === 0 ? digestAt(5000, false) : (digests[to % place] as string);
}

/** The digest of the version at a place, or what it would be. */
export function digestAt(place: number, sha512: boolean): string {
  const algorithm = sha512 ? "sha512" : "sha256";
  return `${algorithm}:${createHash(algorithm).update(`version ${place}`).digest("hex")}`;
}

/** A tag holds 128 characters, so clients cut the digest to 64 hex digits. */
function cutTag(digest: string): string {
  return digest.replace(":", "-").slice(0, "sha256-".length + 64);
}
