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
import type { RuleInput } from "../builders/policy";
import { pushRecorded } from "./recorded";
import { deleteByHand } from "./world";

/** One way in which manifests depend on each other. */
export interface Kind {
  readonly title: string;
  /** The section's text: which versions keep which. */
  readonly text: string;
  /** What keeps the image that stays, where its tag is none of those that the page keeps. */
  readonly keep?: RuleInput;
  push(target: PushTarget, sandbox: Sandbox): Promise<unknown>;
}

const multi = (target: PushTarget, tag: string, more: { attestations?: boolean; attestationSubject?: boolean } = {}) =>
  pushMultiArchImage(target, { seed: tag, tags: [tag], attestations: false, ...more });

async function indexOver(target: PushTarget, children: readonly Content[], tags: string[]): Promise<Content> {
  const index = buildIndex(children.map((child) => ({ ...descriptorOf(child), ...platforms.get(child.digest) })));
  await pushContent(target, index, tags);
  return index;
}

/** A kind that one tool writes, as that tool pushed it. */
function recorded(name: string, { title, text, keep }: Omit<Kind, "push">): Kind {
  return { title, text, ...(keep && { keep }), push: (target, sandbox) => pushRecorded(target, sandbox, name) };
}

const keepVersions: RuleInput = { name: "keep-versions", action: "keep", semver: ">=0.1.0" };

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
    text: "An index keeps the manifests that it lists. They carry no tag and are not images by themselves: they stay and go with the index.",
    push: async (target) => [await multi(target, "prod"), await multi(target, "pr-1")],
  },
  {
    title: "Index in an index",
    text: "An index keeps the indexes that it lists and their children, at any depth.",
    push: async (target) => {
      for (const tag of ["prod", "pr-1"]) {
        const inner = await indexOver(target, [await platform(target, tag, "amd64"), await platform(target, tag, "arm64")], []);
        await indexOver(target, [inner, await platform(target, tag, "riscv64")], [tag]);
      }
    },
  },
  {
    title: "Shared children",
    text: "Identical rebuilds and `imagetools create` list the same manifest in several indexes. It stays until the last of these indexes is deleted.",
    push: async (target) => {
      const shared = await platform(target, "shared", "amd64");
      await indexOver(target, [shared, await platform(target, "prod", "arm64")], ["prod"]);
      await indexOver(target, [shared, await platform(target, "pr-1", "arm64")], ["pr-1"]);
    },
  },
  {
    title: "Tagged children",
    text: "A child with a tag of its own is also an image. It stays if a rule keeps it, even if its index goes; and it stays if its index stays, even if a rule would delete it.",
    push: async (target) => {
      await indexOver(target, [await platform(target, "pr-1", "amd64"), await platform(target, "pr-1", "arm64", ["v1-arm64"])], ["pr-1"]);
      await indexOver(target, [await platform(target, "prod", "amd64", ["pr-2"])], ["prod"]);
    },
  },
  {
    title: "Attestations of buildx",
    text: "These are entries of the index without a platform that name the entry they attest. Newer versions of BuildKit also set it as their `subject`, as for `pr-1` here, which makes them child and referrer at once.",
    push: async (target) => [
      await multi(target, "prod", { attestations: true }),
      await multi(target, "pr-1", { attestations: true, attestationSubject: true }),
    ],
  },
  {
    title: "Build caches of BuildKit",
    text: "A build cache is an image, whether it is an index of layers (before 0.21) or an image manifest. The layers are blobs of the registry, not versions, so the index is complete.",
    push: async (target) => [
      await multi(target, "prod"),
      await buildCache(target, "buildcache-old-form", true),
      await buildCache(target, "buildcache-new-form", false),
    ],
  },
  {
    title: "Referrers",
    text: "A manifest with a `subject` (a signature, SBOM or attestation written by `oras attach`, `regctl artifact put`, cosign 3 or GitHub's attest actions) stays while its subject stays and goes after it. The subject may be an index or a child, at any depth. Referrers do not count for `mostRecent`. GHCR cannot list referrers, so clients keep a list of them under the tag `sha256-<hex>`, which follows the subject as well.",
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
    text: "Adding a referrer pushes a new list and leaves the old one without a tag, which makes it an untagged image to the rules. It is deleted without the bundles that it lists, because their subject keeps them.",
    push: async (target) => {
      const prod = buildImage("linux/amd64", { seed: "prod" });
      await pushBuilt(target, prod, ["prod"]);
      const { list } = await attach(target, prod.manifest, "example/one");
      await attach(target, prod.manifest, "example/two", list);
    },
  },
  {
    title: "Tags of cosign 2",
    text: "`sha256-<hex>.sig`, `.att` and `.sbom` name the digest of the version they belong to, an index or one of its children. They do not count as tags of a user.",
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
    text: "These are images like any other. Rules can select them by `artifactType`.",
    push: async (target) => {
      await pushArtifact(target, { seed: "prod", artifactType: "application/vnd.cncf.helm.config.v1+json", tags: ["prod"] });
      await pushArtifact(target, { seed: "pr-1", artifactType: "application/vnd.wasm.config.v0+json", tags: ["pr-1"] });
    },
  },
  recorded("imgpkg", {
    title: "Bundles of imgpkg",
    text: "A bundle of Carvel's imgpkg names its images in a file of its layer, and `imgpkg copy` pushes them beside it. The bundle keeps them, bundles among them, and the list of their locations: if that and one of the images are gone, `imgpkg pull` succeeds and leaves every image where it came from. `sha256-<hex>.imgpkg` does not count as a tag of a user. As imgpkg 0.46.1 left them; the two bundles share an image.",
  }),
  recorded("notation", {
    title: "Signatures of Notation",
    text: "Signatures are referrers, and each one after the first leaves an older list without a tag. As Notation 1.3.2 left them after two signatures of each image.",
  }),
  recorded("ko", {
    title: "Images of ko",
    text: "ko tags an SBOM for the index and one for each of its children, as cosign 2 would. As ko 0.19.1 left them.",
  }),
  recorded("compose", {
    title: "Applications of Docker Compose",
    text: "`docker compose publish --app` copies the images of the services beside the Compose file, under an index whose `subject` is that file. With `--app` and without, the file itself names images where they were: those packages do not know that they are needed. As Compose 5.1.0 left them; the two applications share the image of a service.",
  }),
  recorded("helm", {
    title: "Versions of Helm charts",
    text: "Tags cannot contain a `+`, so Helm writes `1.2.0+build.5` as `1.2.0_build.5`. The provenance file is a layer of the chart. As Helm 4.3.1 left them; `semver: '>=0.1.0'` keeps one.",
    keep: keepVersions,
  }),
  recorded("cue", {
    title: "Modules of CUE",
    text: "Modules name those that they import by version, and each is a package of its own. As CUE 0.17.0 left them; `semver: '>=0.1.0'` keeps one.",
    keep: keepVersions,
  }),
  {
    title: "Dangling referrers",
    text: "A referrer whose subject is not in the package may belong to an image in another package. It stays unless a rule with `dangling: true` deletes it.",
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
    text: "Somebody deleted some or all of the manifests that the index lists. To the rules it is an image like any other, and `broken: true` selects it.",
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
    text: "If somebody deletes only an index, its children become untagged images, which rules with `untagged: true` match.",
    push: async (target, sandbox) => {
      await multi(target, "prod");
      const { index } = await multi(target, "gone");
      await deleteByHand(sandbox, index);
    },
  },
];
