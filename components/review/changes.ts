import { firstOf } from "../messages/plurals";
import { stayText } from "../messages/stay-reason";
import { code, plain } from "./markdown-text";
import type { PlannedImage } from "./planned-images";
import { imagePrefix, type Remembered } from "./previous-comment";
import type { PackageReview, Review } from "./review";

const maxNames = 8;

/** Lists what changed since the last comment, one line for each package. */
export function changesSince(before: Remembered | undefined, { packages }: Review): string[] {
  if (before === undefined) return ["The last comment holds no plans to compare with."];
  const known = new Map(Object.entries(before.packages));
  const lines = packages.flatMap((one) => {
    const last = known.get(one.name);
    known.delete(one.name);
    if (one.failure !== undefined) return last === undefined ? [] : [`${code(one.name)} could not be reviewed this time.`];
    if (last === undefined) return before.more > 0 ? [] : describeNew(one);
    return changeOf(last, one);
  });
  const gone = [...known].filter(([, { plans }]) => Object.keys(plans).length > 0).map(([name]) => `${code(name)} has no policy any more.`);
  const all = [...lines, ...gone];
  const unknown = before.more > 0 ? [`Of ${before.more} packages the last comment had no room to say.`] : [];
  return all.length + unknown.length === 0 ? ["Nothing has changed since the last comment."] : [...all, ...unknown];
}

function describeNew({ name, plans }: PackageReview): string[] {
  return plans.length === 0 ? [] : [`${code(name)} is new here: ${idsOf(plans.map(({ id }) => id))}.`];
}

function changeOf(last: Remembered["packages"][string], one: PackageReview): string[] {
  const { name, plans } = one;
  const ids = plans.map(({ id }) => id);
  const lastIds = Object.keys(last.plans);
  const said = [
    ...([...ids].sort().join() === [...lastIds].sort().join() ? [] : [`${idsOf(lastIds)} → ${idsOf(ids)}`]),
    ...plans.flatMap(({ id, state }) => {
      const before = Object.hasOwn(last.plans, id) ? last.plans[id] : undefined;
      return before === undefined || before === state ? [] : [`plan ${code(id)} ${becomes[state]}`];
    }),
    ...changedImages(last, one),
  ];
  return said.length === 0 ? [] : [`${code(name)}: ${said.join("; ")}.`];
}

/** Says which tags, and which images without one, are to go now and are not any more, and which tags moved meanwhile. */
function changedImages({ images, tags: tagsBefore = {} }: Remembered["packages"][string], one: PackageReview): string[] {
  const { plans } = one;
  if (images === undefined || plans.some(({ planned }) => planned.length === 0)) return [];
  const planned = plans.flatMap((plan) => plan.planned);
  const now = new Set(planned.map(({ digest }) => imagePrefix(digest)));
  const moved = planned.flatMap(({ digest, tags }) =>
    tags.filter((tag) => (tagBefore(tagsBefore, tag) ?? imagePrefix(digest)) !== imagePrefix(digest)),
  );
  const added = planned.filter(({ digest }) => !images.includes(imagePrefix(digest)));
  const newNames = added.flatMap((image) => {
    const tags = image.tags.filter((tag) => !moved.includes(tag));
    return tags.length === 0 && image.tags.length > 0 ? [] : [nameOf({ ...image, tags })];
  });
  const untagged = planned.filter(({ digest, tags }) => tags.length === 0 && images.includes(imagePrefix(digest)));
  const namesBefore = new Map<string, string[]>();
  for (const [tag, digits] of Object.entries(tagsBefore)) namesBefore.set(digits, [...(namesBefore.get(digits) ?? []), tag]);
  const lostTags = untagged.flatMap(({ digest }) => {
    const names = namesBefore.get(imagePrefix(digest));
    return names === undefined ? [] : [`${code(`sha256:${imagePrefix(digest)}`)} (was ${names.map(code).join(" ")})`];
  });
  const left = images.filter((digits) => !now.has(digits)).map((digits) => describeRemoved(digits, namesBefore.get(digits) ?? [], one));
  return [
    ...(newNames.length > 0 ? [`now to go: ${firstOf(newNames, maxNames)}`] : []),
    ...(moved.length > 0 ? [`moved to another image, which is to go: ${firstOf(moved.map(code), maxNames)}`] : []),
    ...(lostTags.length > 0 ? [`without a tag now: ${firstOf(lostTags, maxNames)}`] : []),
    ...(left.length > 0 ? [`no longer to go: ${firstOf(left, maxNames)}`] : []),
  ];
}

function tagBefore(tags: Readonly<Record<string, string>>, tag: string): string | undefined {
  return Object.hasOwn(tags, tag) ? tags[tag] : undefined;
}

const becomes = { approved: "is approved now", waiting: "waits for approval now", refused: "cannot be approved now" } as const;

function idsOf(ids: readonly string[]): string {
  return ids.length === 0 ? "no plan" : ids.map((id) => `plan ${code(id)}`).join(", ");
}

function nameOf({ tags, moving, digest }: PlannedImage): string {
  if (tags.length === 0) return `${code(`sha256:${imagePrefix(digest)}`)} untagged`;
  return tags.map((tag) => `${code(tag)}${moving.includes(tag) ? " (moves)" : ""}`).join(" ");
}

/** Names an image that the last plan would have deleted, and says what became of it. */
function describeRemoved(digits: string, tags: readonly string[], one: PackageReview): string {
  const name = tags.length > 0 ? tags.map(code).join(" ") : code(`sha256:${digits}`);
  const fate = fateOf(`sha256:${digits}`, one);
  return fate === undefined ? name : `${name} (${fate})`;
}

function fateOf(short: string, { decision, blocks }: PackageReview): string | undefined {
  if (decision === undefined) {
    // A saved preview has no decision, so the printed table is all there is.
    const isWithheld = blocks.some(({ kind, lines }) => kind === "withheld" && lines.some((line) => line.includes(short)));
    return isWithheld ? "now withheld" : undefined;
  }
  const { plan } = decision;
  const { graph } = plan.deletions;
  const node = graph.nodes.findIndex(({ version }) => version.digest.startsWith(short));
  if (node < 0) return "not in the package any more";
  const held = plan.withheld.find((withheld) => withheld.node === node);
  if (held !== undefined) return `now withheld: ${plain(stayText(held.because, graph))}`;
  const stay = plan.stays.get(node);
  return stay === undefined ? undefined : `it stays: ${plain(stayText(stay, graph))}`;
}
