import { join } from "node:path";
import { promise } from "../output/broken-promise";
import type { Stage } from "../stage/stage";
import { platformsByTag } from "../world/oci-layout";
import { imageOf, owner, type PackageName, type Push, packages, platforms, tagsThatMatter } from "../world/year";

/** The pulled platforms of each tag. */
type Pulled = ReadonlyMap<string, readonly string[]>;

export async function pullWhatStays(stage: Stage, pushes: readonly Push[]): Promise<void> {
  const { narrator } = stage;
  narrator.step("d", "Every tag that stays, pulled: all platforms");
  let images = 0;
  for (const name of packages) {
    const { tags, pulled } = await pullAll(stage, name);
    expectWhole(name, { tags, pulled }, tagsThatMatter(pushes, name));
    narrator.printed([`${pulled.size} tags: ${tags.join(", ")}`]);
    images += pulled.size;
  }
  narrator.kept(`${images} tags pulled, each with ${platforms.join(" and ")}: config, layers and all.`);
}

async function pullAll(stage: Stage, name: PackageName): Promise<{ tags: readonly string[]; pulled: Pulled }> {
  const repository = imageOf(stage.sandbox, name);
  const references = (await stage.quietly("crane", ["ls", "--full-ref", repository])).output.split("\n").filter(Boolean);
  const tags = references.map((reference) => reference.slice(repository.length + 1));
  const pulled = await pull(stage, references, join("pulled", name), `\\\n    $(crane ls --full-ref ${repository})`);
  return { tags, pulled };
}

/** Pulls images with all their platforms into a folder. `asTyped`: how a person names them. */
export async function pull(stage: Stage, references: readonly string[], layout: string, asTyped = references.join(" ")): Promise<Pulled> {
  const options = ["pull", "--format", "oci", "--annotate-ref"];
  const ran = await stage.show("crane", [...options, ...references, layout], ["crane", ...options, asTyped, layout].join(" "));
  promise(ran.code === 0, `crane to pull ${references.join(" ")}`, () => `exit code ${ran.code}: ${ran.output}`);
  return platformsByTag(join(stage.folder, layout));
}

/** Expects every listed tag with all platforms, and the tags that matter among them. */
export function expectWhole(
  name: PackageName,
  { tags, pulled }: { readonly tags: readonly string[]; readonly pulled: Pulled },
  matter: readonly string[],
): void {
  for (const tag of new Set([...tags, ...matter])) {
    const found = pulled.get(tag);
    const whole = platforms.every((platform) => found?.includes(platform) === true);
    promise(whole, `${owner}/${name}:${tag} with ${platforms.join(" and ")}`, () => (found ? `only [${found.join(", ")}]` : "no such tag"));
  }
}
