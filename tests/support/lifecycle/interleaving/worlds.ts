import type { PolicyInput } from "../../../../components/rules/policy";
import { buildArtifact, buildImage, buildIndex, type Content, descriptorOf, type SeedVersion } from "../../../../sandbox";
import { now, policyFor } from "../../engine/world";

export const repository = "acme/app";

/** A version of a small package. */
export interface Piece {
  readonly content: Content;
  readonly days: number;
  readonly tags: readonly string[];
}

export interface World {
  readonly name: string;
  readonly pieces: Readonly<Record<string, Piece>>;
  readonly policies: readonly [PolicyInput, ...PolicyInput[]];
}

/** The configs and layers of all images. */
export const blobs: Content[] = [];

function image(name: string): Content {
  const built = buildImage("linux/amd64", { seed: name });
  blobs.push(...built.blobs);
  return built.manifest;
}

function indexOver(parts: readonly Content[], name: string): Content {
  return buildIndex(parts.map(descriptorOf), { annotations: { name } });
}

function piece(content: Content, days: number, ...tags: string[]): Piece {
  return { content, days, tags };
}

const policy = policyFor(repository, { limits: { percent: 100 } });
const [a, b, c, kept, spare] = [image("a"), image("b"), image("c"), image("kept"), image("spare")];

/** What is there in every world: `prod` stays, and `spare` lost its tag long ago. */
const others = { spare: piece(spare, 90), kept: piece(kept, 50), prod: piece(indexOver([kept], "prod"), 50, "prod") };
const gone = indexOver([a, b], "gone");

/** The plan of each world deletes `gone`, what only `gone` needs, and `spare`. */
export const worlds = {
  index: {
    name: "an index with two children",
    pieces: { a: piece(a, 110), b: piece(b, 110), gone: piece(gone, 110, "pr-1"), ...others },
    policies: [policy],
  },
  shared: {
    name: "a shared child",
    pieces: {
      a: piece(a, 110),
      b: piece(b, 110),
      gone: piece(gone, 110, "pr-1"),
      main: piece(indexOver([b], "main"), 30, "main-1"),
      ...others,
    },
    policies: [policy],
  },
  referrer: {
    name: "a referrer",
    pieces: {
      a: piece(a, 110),
      gone: piece(indexOver([a], "gone"), 110, "pr-1"),
      signature: piece(signatureOf(indexOver([a], "gone"), "old"), 110),
      ...others,
    },
    policies: [policy],
  },
  nested: {
    name: "a nested index",
    pieces: {
      a: piece(a, 110),
      inner: piece(indexOver([a], "inner"), 110),
      b: piece(b, 110),
      gone: piece(indexOver([indexOver([a], "inner"), b], "gone"), 110, "pr-1"),
      ...others,
    },
    policies: [policy],
  },
  /** More goes than one batch deletes. */
  batches: {
    name: "two batches",
    pieces: {
      ...Object.fromEntries(Array.from({ length: 30 }, (_, place) => [`old ${place}`, piece(image(`old ${place}`), 200)])),
      a: piece(a, 60),
      b: piece(b, 60),
      gone: piece(gone, 60, "pr-1"),
      ...others,
    },
    policies: [policy],
  },
  /** Nobody approves, and no rule asks how old an untagged image is. */
  automatic: {
    name: "an automatic policy",
    pieces: { a: piece(a, 110), b: piece(b, 110), gone: piece(gone, 110, "pr-1"), ...others },
    policies: [
      policyFor(repository, {
        approval: "automatic",
        limits: { percent: 100 },
        rules: [
          { name: "keep-releases", action: "keep", tags: ["prod", "v*"] },
          { name: "drop-builds", action: "delete", tags: ["pr-*"] },
          { name: "drop-untagged", action: "delete", untagged: true },
        ],
      }),
    ],
  },
  /** One stack deletes pull requests and what lost its tag, the other branches and what lost its tag. */
  twoStacks: {
    name: "two stacks",
    pieces: {
      a: piece(a, 110),
      b: piece(b, 100),
      gone: piece(gone, 100, "pr-1"),
      c: piece(c, 80),
      branch: piece(indexOver([b, c], "branch"), 80, "dev-1"),
      ...others,
    },
    policies: [drops("pr-*"), drops("dev-*")],
  },
} as const satisfies Record<string, World>;

function drops(tag: string): PolicyInput {
  const untagged = { name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" } as const;
  const rules: PolicyInput["rules"] = [
    { name: "keep-releases", action: "keep", tags: ["prod", "v*"] },
    { name: "drop-builds", action: "delete", tags: [tag], olderThan: "7d" },
    untagged,
  ];
  return policyFor(repository, { rules, limits: { percent: 100 } });
}

export function signatureOf(subject: Content, seed: string): Content {
  const built = buildArtifact({ seed, artifactType: "application/vnd.example.signature", subject });
  blobs.push(...built.blobs);
  return built.manifest;
}

export function seedOf({ content, days, tags }: Piece): SeedVersion {
  const createdAt = new Date(Date.parse(now) - days * 86_400_000).toISOString();
  return { package: repository, manifest: content.bytes.toString(), mediaType: content.mediaType, tags: [...tags], createdAt };
}
