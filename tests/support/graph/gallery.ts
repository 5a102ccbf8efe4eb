import {
  buildArtifact,
  buildImage,
  buildIndex,
  type Content,
  descriptorOf,
  fallbackTagOf,
  jsonContent,
  MediaType,
  type PushTarget,
  pushArtifact,
  pushBlob,
  pushBuilt,
  pushContent,
  pushMultiArchImage,
  type Sandbox,
} from "../../../sandbox";
import { deleteByHand } from "./world";

/** One way in which manifests hang together. */
export interface Kind {
  readonly title: string;
  /** What keeps what alive. */
  readonly text: string;
  push(target: PushTarget, sandbox: Sandbox): Promise<unknown>;
}

const multi = (target: PushTarget, tag: string, more: { attestations?: boolean; attestationSubject?: boolean } = {}) =>
  pushMultiArchImage(target, { seed: tag, tags: [tag], attestations: false, ...more });

async function indexOver(target: PushTarget, children: readonly Content[], tags: string[]): Promise<Content> {
  const index = buildIndex(children.map((child) => ({ ...descriptorOf(child), ...platforms.get(child.digest) })));
  await pushContent(target, index, tags);
  return index;
}

const platforms = new Map<string, object>();

async function platform(target: PushTarget, seed: string, architecture: string, tags: string[] = []): Promise<Content> {
  const image = buildImage(`linux/${architecture}`, { seed });
  platforms.set(image.manifest.digest, { platform: { os: "linux", architecture } });
  await pushBuilt(target, image, tags);
  return image.manifest;
}

async function attach(target: PushTarget, subject: Content, artifactType: string, before: readonly Content[] = []) {
  const bundle = await pushArtifact(target, { seed: artifactType, artifactType, subject });
  const list = [...before, bundle];
  await pushContent(target, buildIndex(list.map((one) => ({ ...descriptorOf(one), artifactType: typeOf(one) }))), [
    fallbackTagOf(subject.digest),
  ]);
  return { bundle, list };
}

function typeOf(content: Content): string {
  return (JSON.parse(content.bytes.toString("utf8")) as { artifactType: string }).artifactType;
}

async function cosignTags(target: PushTarget, subject: Content, suffixes: readonly string[]): Promise<void> {
  for (const suffix of suffixes) {
    const { manifest, blobs } = buildArtifact({ seed: `${suffix} ${subject.digest}`, artifactType: "application/vnd.dev.cosign" });
    await pushBuilt(target, { manifest, blobs }, [`${fallbackTagOf(subject.digest)}.${suffix}`]);
  }
}

async function buildCache(target: PushTarget, tag: string, oldForm: boolean): Promise<void> {
  const layers = buildImage("linux/amd64", { seed: tag }).blobs.slice(1);
  const config = jsonContent("application/vnd.buildkit.cacheconfig.v0", { layers: layers.map(({ digest }) => ({ blob: digest })) });
  for (const { bytes } of [...layers, config]) await pushBlob(target, bytes);
  const mediaType = MediaType.ociManifest;
  const image = { schemaVersion: 2, mediaType, config: descriptorOf(config), layers: layers.map(descriptorOf) };
  await pushContent(target, oldForm ? buildIndex([...layers, config].map(descriptorOf)) : jsonContent(mediaType, image), [tag]);
}

export const kinds: readonly Kind[] = [
  {
    title: "Image index and manifest list",
    text: "An index keeps the manifests that it lists. They carry no tag and are no images by themselves: they stay and go with the index.",
    push: async (target) => [await multi(target, "prod"), await multi(target, "pr-1")],
  },
  {
    title: "Index in an index",
    text: "At any depth.",
    push: async (target) => {
      for (const tag of ["prod", "pr-1"]) {
        const inner = await indexOver(target, [await platform(target, tag, "amd64"), await platform(target, tag, "arm64")], []);
        await indexOver(target, [inner, await platform(target, tag, "riscv64")], [tag]);
      }
    },
  },
  {
    title: "Shared children",
    text: "Identical rebuilds and `imagetools create` list the same manifest in several indexes. It stays until the last of them goes.",
    push: async (target) => {
      const shared = await platform(target, "shared", "amd64");
      await indexOver(target, [shared, await platform(target, "prod", "arm64")], ["prod"]);
      await indexOver(target, [shared, await platform(target, "pr-1", "arm64")], ["pr-1"]);
    },
  },
  {
    title: "Tagged children",
    text: "A child with a tag of its own is an image as well: it stays when a rule keeps it although its index goes, and when its index stays although a rule would delete it.",
    push: async (target) => {
      await indexOver(target, [await platform(target, "pr-1", "amd64"), await platform(target, "pr-1", "arm64", ["v1-arm64"])], ["pr-1"]);
      await indexOver(target, [await platform(target, "prod", "amd64", ["pr-2"])], ["prod"]);
    },
  },
  {
    title: "Attestations of buildx",
    text: "Entries of the index, for no platform, that name the entry they are about. Newer versions of BuildKit also make that their `subject`, as here for `pr-1`: child and referrer at once.",
    push: async (target) => [
      await multi(target, "prod", { attestations: true }),
      await multi(target, "pr-1", { attestations: true, attestationSubject: true }),
    ],
  },
  {
    title: "Build caches of BuildKit",
    text: "Images, whether an index of layers (before 0.21) or an image manifest. The layers are blobs of the registry and no versions, so the index lacks nothing.",
    push: async (target) => [
      await multi(target, "prod"),
      await buildCache(target, "buildcache-old-form", true),
      await buildCache(target, "buildcache-new-form", false),
    ],
  },
  {
    title: "Referrers",
    text: "A manifest with a `subject` (a signature, an SBOM, an attestation; by `oras attach`, `regctl artifact put`, cosign 3, GitHub's attest actions) follows it: kept while it is kept, gone after it, at any depth, on an index as on a child. It uses up no place of `mostRecent`. GHCR cannot list referrers, so clients keep a list of them under the tag `sha256-<hex>`, which follows as well.",
    push: async (target) => {
      for (const tag of ["prod", "pr-1"]) {
        const { built } = await multi(target, tag);
        const { bundle } = await attach(target, built.index, "application/spdx+json");
        await attach(target, bundle, "example/signature");
      }
    },
  },
  {
    title: "A list of referrers that lost its tag",
    text: "Adding to the list pushes a new one and leaves the old without a tag: an untagged image to the rules. It goes without the bundles that it lists, since their subject keeps them.",
    push: async (target) => {
      const prod = buildImage("linux/amd64", { seed: "prod" });
      await pushBuilt(target, prod, ["prod"]);
      const { list } = await attach(target, prod.manifest, "example/one");
      await attach(target, prod.manifest, "example/two", list);
    },
  },
  {
    title: "Tags of cosign 2",
    text: "`sha256-<hex>.sig`, `.att` and `.sbom` name what they are about, an index or a child of one. They are no tags of a person's.",
    push: async (target) => {
      for (const tag of ["prod", "pr-1"]) {
        const { built } = await multi(target, tag);
        await cosignTags(target, built.index, ["sig", "att"]);
        await cosignTags(target, built.children[1]?.manifest ?? built.index, ["sbom"]);
      }
    },
  },
  {
    title: "Helm charts, Wasm modules and other artifacts",
    text: "Images like any other; `artifactType` tells them apart in rules.",
    push: async (target) => {
      await pushArtifact(target, { seed: "prod", artifactType: "application/vnd.cncf.helm.config.v1+json", tags: ["prod"] });
      await pushArtifact(target, { seed: "pr-1", artifactType: "application/vnd.wasm.config.v0+json", tags: ["pr-1"] });
    },
  },
  {
    title: "Dangling referrers",
    text: "What refers to a version that is not in the package may belong to an image elsewhere. It stays, unless a rule says `dangling: true`.",
    push: async (target, sandbox) => {
      await multi(target, "prod");
      const gone = buildImage("linux/amd64", { seed: "gone" });
      await pushBuilt(target, gone, ["gone"]);
      await attach(target, gone.manifest, "example/sbom");
      await cosignTags(target, gone.manifest, ["sig"]);
      await deleteByHand(sandbox, gone.manifest.digest);
    },
  },
  {
    title: "Partial and ghost indexes",
    text: "Somebody deleted some or all of the manifests that an index lists. It is an image like any other to the rules, and `broken: true` selects it.",
    push: async (target, sandbox) => {
      await multi(target, "prod");
      for (const [tag, places] of [
        ["pr-1", [1]],
        ["pr-2", [0, 1]],
      ] as const) {
        const { children } = await multi(target, tag);
        for (const place of places) await deleteByHand(sandbox, children[place]?.digest ?? "");
      }
    },
  },
  {
    title: "Children of nothing",
    text: "What is left when somebody deletes an index alone: untagged images, which rules with `untagged: true` match.",
    push: async (target, sandbox) => {
      await multi(target, "prod");
      const { index } = await multi(target, "gone");
      await deleteByHand(sandbox, index);
    },
  },
];
