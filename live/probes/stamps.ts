import type { Content } from "../../sandbox";
import { type Observation, saw } from "../rows/probe";
import type { Scratch } from "../scratch/scratch";
import { assume, assumeSwitch, type LiveProbe, never } from "./assume";

/** What moves `updated_at` of a version, and `created_at`. */
export const stamps: readonly LiveProbe[] = [
  assumeSwitch("updatedAtOnTagGain", "`updated_at` changes when a version gains a tag", (scratch) =>
    moved(scratch, "tag-gain", async (image) => {
      await scratch.tag(image, "tag-gain-late");
      await tagged(scratch, image, "tag-gain-late");
    }),
  ),
  assumeSwitch("updatedAtOnTagLoss", "`updated_at` changes when a version loses a tag", (scratch) =>
    moved(scratch, "tag-loss", async () => {
      const next = await scratch.push("tag-loss-next", "tag-loss");
      await tagged(scratch, next, "tag-loss");
    }),
  ),
  assumeSwitch("updatedAtOnRepush", "`updated_at` changes when the same digest is pushed again", (scratch) =>
    moved(scratch, "repush", (image) => scratch.tag(image, "repush")),
  ),
  assumeSwitch("updatedAtOnPull", "`updated_at` changes when a version is pulled", (scratch) =>
    moved(scratch, "pull", async ({ digest, mediaType }) => {
      await scratch.registry.ask({ method: "GET", path: `manifests/${digest}`, headers: { accept: mediaType } });
    }),
  ),
  assumeSwitch("updatedAtOnRestore", "`updated_at` changes when a version is restored", async (scratch) => {
    const { version } = await scratch.restoredImage("restore-stamp");
    return compared(version.before.updatedAt, version.after.updatedAt);
  }),
  assume("`created_at` changes when the same digest is pushed again", false, async (scratch) => {
    const image = await scratch.push("first-push", "first-push");
    const before = await scratch.version(image.digest);
    await scratch.settle();
    await scratch.tag(image, "first-push-again");
    await tagged(scratch, image, "first-push-again");
    return compared(before.createdAt, (await scratch.version(image.digest)).createdAt);
  }),
  assumeSwitch(
    "updatedAtOnPackageChange",
    "`updated_at` of all versions changes when the package itself does",
    never(
      "no call of GitHub's API changes a package's visibility or repository; change it in the package's settings, and compare two lists",
    ),
  ),
];

/** Pushes an image, and reports whether a change moved its stamp. */
async function moved(scratch: Scratch, seed: string, change: (image: Content) => Promise<void>): Promise<Observation> {
  const image = await scratch.push(seed, seed);
  const before = await scratch.version(image.digest);
  await scratch.settle();
  await change(image);
  await scratch.settle();
  return compared(before.updatedAt, (await scratch.version(image.digest)).updatedAt);
}

function compared(before: number, after: number): Observation {
  return saw(before !== after, before === after ? textOf(before) : `from ${textOf(before)} to ${textOf(after)}`);
}

function textOf(time: number): string {
  return new Date(time).toISOString();
}

/** Waits until GitHub lists the tag on the image, and nowhere else. */
async function tagged(scratch: Scratch, { digest }: Content, tag: string): Promise<void> {
  await scratch.shown(`GitHub lists the tag ${tag} on ${digest} alone`, async () => {
    const holders = (await scratch.versions()).filter(({ tags }) => tags.includes(tag));
    return holders.length === 1 && holders[0]?.digest === digest ? true : undefined;
  });
}
