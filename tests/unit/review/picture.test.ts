import assert from "node:assert/strict";
import { pictureElement, pictureFile } from "../../../components/review/picture/draw";
import { type Timeline, timelineOf, totalText } from "../../../components/review/picture/timeline";
import { timelineOfPackage } from "../../../components/review/picture-data";
import type { PackageReview } from "../../../components/review/review";
import { childOf, digestOf, type Entry, image, index, moment } from "../../support/builders/package";
import { findingOn, packageReview, recordAfter, reported } from "../../support/builders/reviewed";

const rules = [
  { name: "keep-releases", action: "keep" as const, tags: ["v*"], mostRecent: 2 },
  { name: "drop-pr", action: "delete" as const, tags: ["pr-*"], olderThan: "14d" },
  { name: "drop-untagged", action: "delete" as const, untagged: true as const, olderThan: "36h" },
];
const world: readonly Entry[] = [
  image("a", { tags: ["v1.0"], days: 90 }),
  image("b", { tags: ["v1.1"], days: 60 }),
  image("c", { tags: ["v2.0", "latest"], days: 20 }),
  image("d", { tags: ["pr-1"], days: 40 }),
  image("e", { tags: ["pr-2"], days: 3 }),
  image("f", { days: 30 }),
  image("g", { tags: ["main-0123abc"], days: 8 }),
  image("h", { tags: ["something"], days: 8 }),
];

function timeline(one: PackageReview): Timeline {
  const found = timelineOfPackage(one);
  assert.ok(found);
  return found;
}

const waiting = packageReview(findingOn(world, { policy: { rules } }));

/** The marks of a picture: what each says, and where it is from the left. */
function marksOf(svg: string): { said: string; state: string; x: number }[] {
  const marks = svg.matchAll(/<g class="mark (\w+)" transform="translate\(([\d.]+) [\d.]+\)"><title>([^<]*)<\/title>/g);
  return [...marks].map(([, state = "", x, said = ""]) => ({ said, state, x: Number(x) }));
}

describe("the picture of a package", () => {
  it("has a lane for the tags that move, for each stream, the largest first, and for untagged images", () => {
    assert.deepEqual(
      timeline(waiting).lanes.map(({ name, images }) => [name, images.map((one) => one.name)]),
      [
        ["latest", ["v2.0, latest"]],
        ["releases", ["v2.0, latest", "v1.1", "v1.0"]],
        ["pr-*", ["pr-2", "pr-1"]],
        ["main*", ["main-0123abc"]],
        ["other tags", ["something"]],
        ["untagged", [digestOf("f").slice(0, 19)]],
      ],
    );
  });

  it("says what becomes of each image, and since when it is there", () => {
    const marks = marksOf(pictureFile(timeline(waiting)));
    assert.deepEqual(
      marks.filter(({ state }) => state === "waiting").map(({ said }) => said),
      ["pr-1: waits for approval (2026-10-14)", `${digestOf("f").slice(0, 19)}: waits for approval (2026-10-24)`],
    );
    assert.ok(marks.some(({ said, state }) => state === "stays" && said === "v1.1: stays (2026-09-24)"));
    assert.deepEqual(timeline(waiting).totals.map(totalText), ["2 wait for approval", "6 stay"]);
    assert.match(pictureFile(timeline(waiting)), />2 wait for approval<.*>6 stay</);
  });

  it("has a line for each bound of a rule, with its name, between what it takes and what it leaves", () => {
    assert.deepEqual(
      timeline(waiting).bounds.map(({ text, at, lanes }) => [
        text,
        (moment - at) / 86_400_000,
        lanes.map((lane) => timeline(waiting).lanes[lane]?.name),
      ]),
      [
        ["drop-untagged: older than 36 hours", 1.5, ["untagged"]],
        ["drop-pr: older than 14 days", 14, ["pr-*"]],
        ["keep-releases: the newest 2", 60, ["latest", "releases"]],
      ],
    );
    const svg = pictureFile(timeline(waiting));
    const [line] = [...svg.matchAll(/<line class="bound" x1="([\d.]+)"/g)]
      .map(([, x]) => Number(x))
      .sort((a, b) => b - a)
      .slice(1);
    const [gone, left] = ["pr-1", "pr-2"].map((name) => marksOf(svg).find(({ said }) => said.startsWith(name))?.x ?? 0) as [number, number];
    assert.ok(line !== undefined && gone < line && line < left, `${gone} ${line} ${left}`);
    for (const { text } of timeline(waiting).bounds) assert.ok(svg.includes(`>${text}</text>`), text);
  });

  it("puts a mark for several images on the side of the bound on which they are", () => {
    const many = Array.from({ length: 400 }, (_, place) => image(`i${place}`, { tags: [`pr-${place}`], days: 1 + place }));
    const svg = pictureFile(timeline(packageReview(findingOn(many, { policy: { rules } }))));
    const line = Number(/<line class="bound" x1="([\d.]+)"/.exec(svg)?.[1]);
    const [waits, stays] = ["waiting", "stays"].map((of) =>
      marksOf(svg).flatMap(({ state, x, said }) => (state === of && /^\d/.test(said) ? [x] : [])),
    );
    assert.ok(waits && stays && waits.length > 10 && stays.length > 0);
    assert.ok(Math.max(...waits) < line && line < Math.min(...stays), `${waits} ${line} ${stays}`);
  });

  it("tells every state by a shape of its own, not by its colour alone", () => {
    const parts = [index("k", [childOf("part")], { tags: ["v3"], days: 70 }), image("part", { days: 70 })];
    const versions = { name: "all", action: "delete" as const, untagged: true as const, scope: "versions" as const };
    const id = waiting.plans[0]?.id ?? "";
    const all = [
      waiting,
      packageReview(findingOn(world, { policy: { rules, approve: id }, record: recordAfter(world, { policy: { rules } }) })),
      packageReview(findingOn(world, { policy: { rules, limits: { percent: 5 } } })),
      packageReview(findingOn(world, { policy: { rules, grace: "7d" } })),
      packageReview(findingOn([...world, ...parts], { policy: { rules: [versions], limits: { percent: 5 } } })),
    ];
    const shapes = new Map<string, Set<string>>();
    for (const svg of all.map((one) => pictureFile(timeline(one)))) {
      for (const [, state = "", shape = ""] of svg.matchAll(/<g class="mark (\w+)"[^>]*>(?:<title>[^<]*<\/title>)?(<\w+ [^>]*>)/g)) {
        shapes.set(state, (shapes.get(state) ?? new Set()).add(shape));
      }
    }
    assert.deepEqual([...shapes.keys()].sort(), ["approved", "grace", "refused", "stays", "waiting", "withheld"]);
    assert.equal(new Set([...shapes.values()].flatMap((found) => [...found])).size, 6);
  });

  it("has a name, and says in words what it shows", () => {
    for (const svg of [pictureFile(timeline(waiting)), pictureElement(timeline(waiting), "narrow", "one")]) {
      const [, title = "", description = ""] =
        /^(?:<\?xml.*\?>\n)?<svg [^>]*role="img" aria-labelledby="([\w-]+) ([\w-]+)">/.exec(svg) ?? [];
      assert.ok(svg.includes(`<title id="${title}">The images of logto-io/logto over time</title>`));
      assert.ok(
        svg.includes(
          `<desc id="${description}">8 images from 2026-08-25 to 2026-11-23: 2 wait for approval, 6 stay. Rules: drop-untagged: older than`,
        ),
      );
    }
  });

  it("is the same for the same day", () => {
    const later = packageReview(findingOn(world, { policy: { rules }, inventory: { now: moment + 20 * 3_600_000 } }));
    assert.equal(pictureFile(timeline(later)), pictureFile(timeline(waiting)));
  });

  describe("when a package holds thousands of images", () => {
    it("stays light: images within the same pixels are one mark with their number", () => {
      const many = Array.from({ length: 20_000 }, (_, place) => image(`i${place}`, { tags: [`pr-${place}`], days: 1 + (place % 700) }));
      const svg = pictureFile(timeline(packageReview(findingOn(many, { policy: { rules } }))));
      assert.ok(svg.length < 60_000, `${svg.length} characters`);
      const numbers = marksOf(svg).map(({ said }) => Number(/^(\d+) /.exec(said)?.[1] ?? 1));
      assert.equal(
        numbers.reduce((sum, one) => sum + one, 0),
        20_000,
      );
      assert.match(svg, />pr-\*<\/text>/);
    });
    it("gives the largest streams a lane, and the rest one of theirs", () => {
      const many = Array.from({ length: 30 }, (_, place) =>
        image(`s${place}`, { tags: [`s${"abcdefghij"[place % 10]}${"xyz"[place % 3]}-2026${"0123456789"[place % 10]}`], days: 9 }),
      );
      const streams = [
        ...many,
        ...["feature-a", "feat-b", "fix-c", "chore-d", "topic-e", "wip-f", "issue-g", "tmp-h", "temp-i", "hotfix-j"].map((tag) =>
          image(tag, { tags: [tag], days: 5 }),
        ),
      ];
      const { lanes } = timeline(packageReview(findingOn(streams, { policy: { rules } })));
      assert.equal(lanes.length, 9);
      assert.equal(lanes.at(-1)?.name, "other tags");
      assert.equal(
        lanes.reduce((sum, { images }) => sum + images.length, 0),
        40,
      );
    });
  });

  describe("when only a saved preview is there", () => {
    const id = "2026-11-23-000000000000";
    const digest = `sha256:${"a".repeat(64)}`;
    const pending = { id, deletions: { [digest]: "pr-1, 40 days old (drop-pr)" }, tags: {} };
    const inputs = { owner: "logto-io", package: "logto", deletions: {}, plans: {}, deleted: {}, restoring: {}, candidates: {}, pending };
    const report = reported(
      `plan ${id}: delete 1 of 8 versions (1 image), keep 7, 0 withheld\n\nwaiting for approval, nothing is deleted until then. To approve exactly this:\n  x`,
      inputs,
    );

    it("shows what goes, and says that what stays is not there", () => {
      const found = timeline(packageReview({ name: "logto-io/logto", report, warnings: [] }));
      assert.deepEqual(
        marksOf(pictureFile(found)).map(({ said }) => said),
        ["pr-1: waits for approval (2026-10-14)"],
      );
      assert.match(found.description, /1 waits for approval\. The images that stay are not in a saved preview\./);
    });
    it("is none where it holds no images", () => {
      const idle = reported("nothing to delete: keep all 3 versions, 0 withheld");
      assert.equal(timelineOfPackage(packageReview({ name: "logto-io/logto", report: idle, warnings: [] })), undefined);
    });
  });

  describe("when nothing is far from anything", () => {
    it("draws a package with one image of today", () => {
      const svg = pictureFile(timeline(packageReview(findingOn([image("now", { tags: ["v1"], days: 0 })], { policy: { rules } }))));
      assert.doesNotMatch(svg, /NaN|Infinity/);
      assert.ok(
        timelineOf({ name: "acme/app", images: [], rules: [], asOf: moment, oldestKept: new Map(), isPartial: false }) === undefined,
      );
    });
  });
});
