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

- **Root** (pill): an image that is used by itself. It is tagged, or untagged and needed by no other version. Rules apply to roots.
- **Child** (box): untagged and listed by an index.
- **Referrer** (rounded): has a \`subject\`, or only tags that clients derive from a digest. It stays and goes with its subject.

Nothing is guessed. A manifest of an unsupported media type (including Docker's schema 1), one that is not JSON, and one that cannot be
read stop the plan of the whole package; the message names its digest and media type.
`;

/** Renders docs/graph.md: each kind with a diagram of its plan. */
export async function graphPage(): Promise<string> {
  const sections: string[] = [];
  for (const kind of kinds) sections.push(`## ${kind.title}\n\n${wrapped(kind.text)}\n\n\`\`\`mermaid\n${await picture(kind)}\n\`\`\`\n`);
  return [introduction, ...sections].join("\n");
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
