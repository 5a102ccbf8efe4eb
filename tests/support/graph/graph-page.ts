import { startSandbox } from "../../../sandbox";
import type { RuleInput } from "../builders/policy";
import { type Kind, kinds } from "./gallery";
import { pictureOf } from "./picture";
import { pushDay } from "./workbench";
import { dropRest, worldOf } from "./world";

const repository = "logto-io/logto";
const keepReleases: RuleInput = { name: "keep-releases", action: "keep", tags: ["prod", "v*"] };

const introduction = `# Which versions keep which

<!-- Generated from packages that are pushed into a sandbox and read back: \`npm run generate\` -->

GitHub's list of versions does not show how they depend on each other; their manifests do. In these diagrams an arrow points from each
version to one that it keeps alive. Under the policy used here, \`prod\` and \`v*\` stay (green) and all other images go (red, dashed),
except for versions that a retained image needs.

These words mean the same in every text, table and output:

- **Version**: a manifest in the package with its tags, as GitHub lists it: an image manifest, or an **index**, which lists other manifests.
- **Image**, or **root** (pill): a version that is used by itself, whether it is an index or a manifest. A person tagged it, or no other
  version needs it. Rules apply to images, and counts of images leave out their parts.
- **Child** (box): no person tagged it, and an index lists it, or a layer or config of another version names it.
- **Referrer** (rounded): has a \`subject\`, or only tags that tools derive from a digest. It stays and goes with its subject.

Tools derive tags from digests: \`sha256-<hex>\`, with or without a suffix such as \`.sig\`. One that names another version belongs to it,
whatever the suffix. One that names its own version, as \`cosign copy\` and \`imgpkg copy\` write, is no person's tag: the image goes by
its other tags. Where it has none, patterns such as \`tags: ["*"]\` match the derived tag, and \`untagged\` does not.

Nothing is guessed. A manifest of an unsupported media type (including Docker's schema 1), one that is not JSON, and one that cannot be
read stop the plan of the whole package; the message names its digest and media type.
`;

const readersAndLimits = `## What is read in layers and configs

Some tools note what they need in a blob, not in the manifest. A reader follows these notes where the tool fails, or silently does
less, without what they name. It reads a bounded number of bytes, verified by digest, once per version: the result is cached like the
manifest. A blob that is missing, too large or not understood stops the plan of the package, as such a manifest does.

| artifact | read | what it keeps |
|---|---|---|
| bundle of [imgpkg](https://carvel.dev/imgpkg/) (config label \`dev.carvel.imgpkg.bundle\`) | the config (1 MiB at most) of images with one Docker layer; \`.imgpkg/images.yml\` (1 MiB at most) in the layer (64 MiB at most) of bundles | the images that it names, by digest, where this package holds them; nested bundles too |
| [ModelKit](https://kitops.org/) (config type \`application/vnd.kitops.modelkit.config.v1+json\`) | the config (1 MiB at most) | the ModelKit of this package that it builds on, by tag or digest |

A bundle that an index lists is not looked into: imgpkg writes none.

## What is no edge

These references lead to other packages, or nobody follows them from the registry again. They keep nothing alive. What they name stays by
a keep rule, by \`protect\`, or by a source of [images in use](organization.md#images-in-use), which knows what really runs.

| reference | what to do about it |
|---|---|
| the base image (\`org.opencontainers.image.base.digest\`): \`crane rebase\` fails without the old base | a keep rule on the tags of base images, or \`protect: ["sha256:…"]\` while images are rebased |
| images in the values of a Helm chart, in a Compose application, in a Flux artifact, in what \`ko resolve\` wrote | \`protect: [imagesOfKubernetes(…)]\`, or the source for the service that runs them; until they run, a keep rule on the release's tags |
| the charts that an umbrella chart depends on (\`Chart.lock\`) | a keep rule \`semver: ">=1"\` in the package of each chart: \`helm dependency build\` asks for exact versions |
| the modules that a CUE module requires | a keep rule \`semver: ">=0"\` in the package of each module: versions are never published again |
| features in the lock file of a Dev Container | a keep rule on the feature's versions; the lock file names digests, so \`protect\` takes them as they are |
| a signature in another package (cosign's \`COSIGN_REPOSITORY\`) | in the package of signatures: \`dangling: true\` with \`subjectsIn: [app]\`, which takes those whose image is gone |
| a digest in a \`FROM\` line or a manifest in a repository | \`protect: ["sha256:…"]\` |
`;

/** Renders docs/graph.md: each kind with a diagram of its plan. */
export async function graphPage(): Promise<string> {
  const sections: string[] = [];
  for (const kind of kinds) sections.push(`## ${kind.title}\n\n${wrapped(kind.text)}\n\n\`\`\`mermaid\n${await picture(kind)}\n\`\`\`\n`);
  return [introduction, ...sections, readersAndLimits].join("\n");
}

async function picture(kind: Kind): Promise<string> {
  const sandbox = await startSandbox({ now: pushDay });
  try {
    await kind.push({ registryUrl: sandbox.registryUrl, token: sandbox.token, repository }, sandbox);
    return pictureOf(await worldOf(sandbox, { rules: [kind.keep ?? keepReleases, dropRest], readAll: true }));
  } finally {
    await sandbox.close();
  }
}

const lineWidth = 130;

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length >= lineWidth) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join("\n");
}
