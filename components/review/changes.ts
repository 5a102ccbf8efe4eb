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

function changeOf(last: Remembered["packages"][string], { name, plans, decision, blocks }: PackageReview): string[] {
  const ids = plans.map(({ id }) => id);
  const lastIds = Object.keys(last.plans);
  const planned = plans.flatMap((plan) => plan.planned);
  const now = new Map(planned.map((image) => [imagePrefix(image.digest), image]));
  const { images } = last;
  const isKnown = images !== undefined && plans.every((plan) => plan.planned.length > 0);
  const added = isKnown ? [...now].filter(([digits]) => !images.includes(digits)).map(([, image]) => nameOf(image)) : [];
  const lost = isKnown ? images.filter((digits) => !now.has(digits)).map((digits) => describeRemoved(digits, decision, blocks)) : [];
  const said = [
    ...([...ids].sort().join() === [...lastIds].sort().join() ? [] : [`${idsOf(lastIds)} → ${idsOf(ids)}`]),
    ...plans.flatMap(({ id, state }) => {
      const before = Object.hasOwn(last.plans, id) ? last.plans[id] : undefined;
      return before === undefined || before === state ? [] : [`plan ${code(id)} ${becomes[state]}`];
    }),
    ...(added.length > 0 ? [`new: ${firstOf(added, maxNames)}`] : []),
    ...(lost.length > 0 ? [`gone from it: ${firstOf(lost, maxNames)}`] : []),
  ];
  return said.length === 0 ? [] : [`${code(name)}: ${said.join("; ")}.`];
}

const becomes = { approved: "is approved now", waiting: "waits for approval now", refused: "cannot be approved now" } as const;

function idsOf(ids: readonly string[]): string {
  return ids.length === 0 ? "no plan" : ids.map((id) => `plan ${code(id)}`).join(", ");
}

function nameOf({ tags, digest }: PlannedImage): string {
  return tags.length > 0 ? tags.map(code).join(" ") : code(`sha256:${imagePrefix(digest)}`);
}

/** Says what became of an image that the last plan would have deleted. */
function describeRemoved(digits: string, decision: PackageReview["decision"], blocks: PackageReview["blocks"]): string {
  const short = `sha256:${digits}`;
  const graph = decision?.plan.deletions.graph;
  const held = decision?.plan.withheld.find(({ node }) => graph?.nodes[node]?.version.digest.startsWith(short));
  if (held !== undefined && graph) return `${code(short)} (now withheld: ${plain(stayText(held.because, graph))})`;
  // A saved preview has no decision, so the printed table is all there is.
  const row = blocks.flatMap(({ kind, lines }) => (kind === "withheld" ? lines : [])).find((line) => line.includes(short));
  if (row !== undefined) return `${code(short)} (now withheld)`;
  return code(short);
}
