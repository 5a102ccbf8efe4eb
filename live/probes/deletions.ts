import { pushMultiArchImage } from "../../sandbox";
import { notObservable, type Observation, saw } from "../rows/probe";
import { answered } from "../scratch/answer";
import { errorsIn, registryWords } from "../scratch/registry-calls";
import type { Scratch } from "../scratch/scratch";
import { assume, assumeSwitch, type LiveProbe, never } from "./assume";

/** What GitHub says to the deletion of a package's only image: the first probes, while there is no other. */
export const onlyImages: readonly LiveProbe[] = [
  assume("deleting the last version of a package is", "refused", async (scratch) => {
    const [only] = await scratch.versions();
    return only === undefined ? notObservable("the package has no version") : refusal(scratch, only);
  }),
  assumeSwitch("lastTaggedRefusal", "deleting the last tagged version is refused with the words about", async (scratch) => {
    const { digest } = await scratch.push("last-tagged", "last-tagged");
    const answer = await scratch.delete(await scratch.version(digest));
    if (answer.status === 204) return saw("deleted");
    if (/\blast tagged version\b/i.test(answer.words)) return saw("last-tagged", answered(answer));
    return saw(/\bmore than 5,?000 downloads\b/i.test(answer.words) ? "downloads" : "other words", answered(answer));
  }),
];

/** What comes of deletions, and of the way back. */
export const deletions: readonly LiveProbe[] = [
  assume("deleting a child of a tagged index is", "deleted", async (scratch) => {
    const seed = `${scratch.package} index`;
    const { children, index } = await pushMultiArchImage(scratch.target, { seed, tags: ["index"], attestations: false });
    await scratch.version(index);
    return refusal(scratch, await scratch.version(children[0]?.digest ?? ""));
  }),
  assume("deleting a version a second time is answered with", "404", async (scratch) => {
    const { version } = await scratch.deletedImage("twice");
    const answer = await scratch.delete(version);
    return saw(String(answer.status), answered(answer));
  }),
  assume("the registry knows a deleted digest", false, async (scratch) => {
    const { image } = await scratch.deletedImage("gone");
    const answer = await scratch.registry.ask({
      method: "GET",
      path: `manifests/${image.digest}`,
      headers: { accept: image.mediaType },
    });
    const isUnknown = answer.status === 404 && errorsIn(answer.body).some(({ code }) => code === "MANIFEST_UNKNOWN");
    return saw(!isUnknown, registryWords(answer));
  }),
  assumeSwitch("deletedListsTags", "the list of deleted versions names their tags", async (scratch) => {
    const entry = await scratch.deletedEntry("listed-tags");
    return entry === undefined ? notListed : saw(entry.tags.length > 0, entry.tags.join(", "));
  }),
  assumeSwitch("deletedListsTimes", "the list of deleted versions has `deleted_at`", async (scratch) => {
    const entry = await scratch.deletedEntry("listed-times");
    if (entry === undefined) return notListed;
    return saw(entry.deletedAt !== undefined, entry.deletedAt === undefined ? "" : new Date(entry.deletedAt).toISOString());
  }),
  assume("a version is restored by its id, and served again", true, async (scratch) => {
    const { image } = await scratch.restoredImage("restored");
    const answer = await scratch.registry.ask({ method: "HEAD", path: `manifests/${image.digest}`, headers: { accept: image.mediaType } });
    return saw(answer.status === 200);
  }),
  assumeSwitch("tagsReturnOnRestore", "the tags of a restored version return with it", async (scratch) => {
    const { version } = await scratch.restoredImage("restored-tags");
    return saw(version.after.tags.length > 0, version.after.tags.join(", "));
  }),
  assume("restoring a version that is not deleted is answered with", "404", async (scratch) => {
    const { digest } = await scratch.push("not-deleted", "not-deleted");
    const answer = await scratch.restore(await scratch.version(digest));
    return saw(String(answer.status), answered(answer));
  }),
  assumeSwitch("repushOfDeleted", "pushing a deleted digest again makes", async (scratch) => {
    const { isRevived, words } = await pushedAgain(scratch, "pushed-again");
    return saw(isRevived ? "revive" : "new-version", words);
  }),
  assumeSwitch("deletedListedAfterRepush", "a deleted version stays listed as deleted when its digest is pushed again", async (scratch) => {
    const { isRevived, id } = await pushedAgain(scratch, "listed-again");
    if (isRevived) return revived;
    return saw((await scratch.deleted()).some((version) => version.id === id));
  }),
  assume("restoring a version whose digest was pushed again is", "refused", async (scratch) => {
    const { isRevived, id } = await pushedAgain(scratch, "restored-again");
    if (isRevived) return revived;
    const answer = await scratch.restore({ id });
    return saw(answer.status === 204 ? "restored" : "refused", answered(answer));
  }),
  assume(
    "deleting a public version of more than 5,000 downloads is",
    "refused",
    never("a run would have to pull a public image 5,001 times"),
  ),
  assume("restoring a version after 30 days is", "refused", never("it takes 30 days")),
];

const notListed = notObservable("GitHub did not list the version as deleted");
const revived = notObservable("the deleted version itself came back");

async function refusal(scratch: Scratch, version: { readonly id: number }): Promise<Observation> {
  const answer = await scratch.delete(version);
  return saw(answer.status === 204 ? "deleted" : "refused", answered(answer));
}

interface PushedAgain {
  /** The id of the deleted version. */
  readonly id: number;
  readonly isRevived: boolean;
  readonly words: string;
}

async function pushedAgain(scratch: Scratch, seed: string): Promise<PushedAgain> {
  const { image, version } = await scratch.deletedImage(seed);
  await scratch.settle();
  await scratch.tag(image, seed);
  const now = await scratch.version(image.digest);
  const words = `created ${new Date(version.createdAt).toISOString()}, then ${new Date(now.createdAt).toISOString()}`;
  return { id: version.id, isRevived: now.id === version.id, words };
}
