import { join } from "node:path";
import { promise } from "../output/broken-promise";
import { diagnosticsOf } from "../output/diagnostics";
import type { Ran } from "../stage/commands";
import type { Stage } from "../stage/stage";
import type { Pushed } from "../world/push-year";
import { type Versions, versionsIn } from "../world/versions";
import { imageOf, incident, owner, platforms } from "../world/year";
import { expectWhole, pull } from "./pull-what-stays";

const name = "logto";

export async function restoreAnImage(stage: Stage, pushes: readonly Pushed[]): Promise<void> {
  const { narrator, sandbox } = stage;
  narrator.step("e", "The way back: an image that was deleted, restored and pulled");
  const { tag, image } = deletedImage(pushes, versionsIn(sandbox));
  narrator.caption(
    `Somebody still needed \`${tag}\`. GitHub keeps what is deleted for 30 days, and one line in the stack's config brings the ` +
      "image back with its tag and everything that it needs.",
  );
  const reference = imageOf(sandbox, name, tag);
  const missing = await stage.show("crane", ["digest", reference]);
  narrator.printed(missing.output.trimEnd().split("\n"));
  expectGone(missing);

  // `pulumi up` speaks of what it did itself, and tells it by the clock, which stands still here.
  sandbox.setClock(new Date(incident.getTime() + 30_000));
  const started = narrator.seconds;
  const place = "ghcr-retention:policies[0].restore[0]";
  narrator.command(`pulumi config set --path '${place}' ${tag}`);
  await stage.quietly("pulumi", ["config", "set", "--path", place, tag]);
  const ran = await stage.show("pulumi", ["up", "--yes", "--skip-preview"]);
  narrator.printed((diagnosticsOf(ran.output).get(`${owner}/${name}`) ?? []).map((line) => `${owner}/${name}: ${line}`));
  expectRestored(ran, image, versionsIn(sandbox));
  const pulled = await pull(stage, [reference], join("pulled", "restored"));
  expectWhole(name, { tags: [tag], pulled }, [tag]);
  const seconds = Math.ceil(narrator.seconds - started);
  narrator.kept(`\`${tag}\` is back after ${seconds} seconds and pulled, with ${platforms.join(" and ")}: config, layers and all.`);
}

/** Returns the newest build of a pull request of which nothing is left. */
export function deletedImage(pushes: readonly Pushed[], versions: Versions): { readonly tag: string; readonly image: Pushed } {
  const left = versions.get(name);
  const image = pushes.findLast((push) => {
    const isBuild = push.package === name && push.tags[0]?.startsWith("pr-") === true;
    return isBuild && push.children.every(({ digest }) => left?.has(digest) === false);
  });
  const tag = image?.tags[0];
  promise(image !== undefined && tag !== undefined, `a build of a pull request among the deleted images of ${owner}/${name}`, () => "none");
  return { tag, image };
}

/** Expects the registry not to know the tag. */
export function expectGone({ command, code, output }: Ran): void {
  promise(
    code !== 0 && output.includes("MANIFEST_UNKNOWN"),
    `'${command}' to fail with MANIFEST_UNKNOWN`,
    () => `exit code ${code}: ${output}`,
  );
}

/** Expects the update to succeed, and the registry to have every platform again. */
export function expectRestored(ran: Ran, { children }: Pushed, versions: Versions): void {
  promise(ran.code === 0, `'${ran.command}' to restore the image`, () => `exit code ${ran.code}: ${ran.output}`);
  const lost = children.filter(({ digest }) => versions.get(name)?.has(digest) !== true);
  promise(lost.length === 0, `every platform of the restored image in ${owner}/${name}`, () => `${lost.length} of them are gone`);
}
