import { startSandbox } from "../../../sandbox";
import type { RuleInput } from "../builders/policy";
import { type Kind, kinds } from "./gallery";
import { pictureOf } from "./picture";
import { pushDay } from "./workbench";
import { dropRest, worldOf } from "./world";

const repository = "logto-io/logto";
const keepReleases: RuleInput = { name: "keep-releases", action: "keep", tags: ["prod", "v*"] };

const introduction = `# What keeps what alive

<!-- Generated from packages that were pushed and looked at: \`npm run generate\` -->

GitHub lists a package's versions as if they had nothing to do with each other. Their manifests say otherwise: an arrow points from
each version to what it keeps alive. Under the policy of these pictures \`prod\` and \`v*\` stay (green) and everything else goes
(red, dashed), as far as nothing that stays needs it.

- **Root**, a pill: an image that a person means. Tagged, or untagged and needed by nothing. Rules speak of roots.
- **Child**, a box: untagged, and listed by an index.
- **Referrer**, rounded: has a \`subject\`, or only tags that clients write for a digest. It follows what it refers to.

What is not known is not guessed: a manifest of a media type that is not known here, Docker's schema 1 among them, one that is not
JSON, and one that cannot be read stop the whole package's plan, with its digest and media type.
`;

/** docs/graph.md: each kind with a picture of what a look at it came to. */
export async function graphPage(): Promise<string> {
  const sections: string[] = [];
  for (const kind of kinds) sections.push(`## ${kind.title}\n\n${wrapped(kind.text)}\n\n\`\`\`mermaid\n${await picture(kind)}\n\`\`\`\n`);
  return [introduction, ...sections].join("\n");
}

async function picture(kind: Kind): Promise<string> {
  const sandbox = await startSandbox({ now: pushDay });
  try {
    await kind.push({ registryUrl: sandbox.registryUrl, token: sandbox.token, repository }, sandbox);
    return pictureOf(await worldOf(sandbox, { rules: [keepReleases, dropRest], readAll: true }));
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
