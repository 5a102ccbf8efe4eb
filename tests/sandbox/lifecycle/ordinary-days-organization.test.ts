import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertComplete } from "../../support/engine/pull";
import { type Deployment, now, PackageWorld, usualRules } from "../../support/engine/world";
import { type Run, SimulatedOrganization } from "../../support/lifecycle/simulated-organization";

const plain = { attestations: false, platforms: ["linux/amd64"] } as const;
/** Pushed so many days before the first: after 2 days, for example, it is old enough on day 6, and its grace is over on day 8. */
const build = (number: number, days: number): Deployment => ({ days, tags: [`pr-${number}`], ...plain });
const push = (day: number): Deployment => ({ days: 0, tags: [`pr-30${day}`, `nightly-${day}`, "main"], ...plain });
const prod: Deployment = { days: 50, tags: ["prod"], ...plain };
/** Old images, one of which loses its tag to the push of each day but the first: GitHub's stamps do not tell that it did. */
const nightly = Object.fromEntries(
  Array.from({ length: 9 }, (_, day): [string, Deployment] => [`old${day + 1}`, { days: 60, tags: [`nightly-${day + 1}`], ...plain }]),
);
const packages: Readonly<Record<string, Readonly<Record<string, Deployment>>>> = {
  app: { ...nightly, pr1: build(1, 110), pr2: build(2, 5), prod },
  web: { ...nightly, pr1: build(1, 100), pr2: build(2, 2), prod },
  tools: { pr1: build(1, 5), prod },
};
/** Comes on day 4, with builds of which one is ripe on day 6 and one on day 8. */
const jobs = { pr1: build(1, 100), pr2: build(2, 6), prod };

interface Day {
  readonly nightly: Run;
  /** The run after the merge of the line that the day before printed, if it printed one. */
  readonly merged: Run | undefined;
  readonly preview: Run;
  /** The id that the preview's line approves. */
  readonly line: string | undefined;
  /** What is deleted by the end of the day: `app pr1`. */
  readonly lost: readonly string[];
}

/** As the example workflows do: an update every night, the preview of a pull request, and its merge on the next day, after that night. */
describe("ten ordinary days of an organisation with pushes to each package", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  const worlds = new Map<string, PackageWorld>();
  const days: Day[] = [];

  before(async () => {
    sandbox = await startSandbox({ now });
    for (const [name, images] of Object.entries(packages)) await deploy(name, images);
    const organization = new SimulatedOrganization(sandbox, {
      owner: "acme",
      rules: [...usualRules],
      grace: "2d",
      limits: { percent: 60 },
    });
    /** What people do before the night. */
    const events: Readonly<Record<number, () => Promise<void> | void>> = {
      4: () => deploy("jobs", jobs),
      6: () => remove("tools"),
      7: () => {
        organization.settings = { ...organization.settings, overrides: { app: { restore: ["pr-1"] } } };
      },
    };
    let reviewed: string | undefined;
    for (let day = 0; day < 10; day += 1) {
      sandbox.setClock(new Date(Date.UTC(2026, 10, 23 + day, 18)));
      await events[day]?.();
      for (const world of worlds.values()) await world.deploy({ [`push${day}`]: push(day) });
      const nightly = await organization.up();
      if (reviewed !== undefined) organization.settings = { ...organization.settings, approve: reviewed };
      const merged = reviewed === undefined ? undefined : await organization.up();
      const preview = await organization.preview();
      const line = /organizations\[0\]\.approve' (\S+)/.exec(preview.summary)?.[1];
      days.push({ nightly, merged, preview, line, lost: lost() });
      reviewed = line;
    }
  });
  after(() => sandbox.close());

  async function deploy(name: string, images: Readonly<Record<string, Deployment>>): Promise<void> {
    worlds.set(name, await new PackageWorld(sandbox, `acme/${name}`).deploy(images));
  }

  /** Somebody deletes a whole package at GitHub. */
  async function remove(name: string): Promise<void> {
    const headers = { authorization: `Bearer ${sandbox.token}` };
    const { status } = await fetch(`${sandbox.githubApiUrl}/orgs/acme/packages/container/${name}`, { method: "DELETE", headers });
    assert.equal(status, 204);
    worlds.delete(name);
  }

  function lost(): string[] {
    return [...worlds].flatMap(([name, world]) => {
      const deleted = new Set(world.deleted());
      return [...world.images.keys()].flatMap((image) =>
        world.digests(image).every((one) => deleted.has(one)) ? [`${name} ${image}`] : [],
      );
    });
  }

  it("fail no run for what moves by itself", () => {
    for (const [day, { nightly, merged, preview }] of days.entries())
      for (const run of [nightly, merged, preview]) assert.deepEqual(run?.faults ?? [], [], `day ${day}`);
  });

  it("delete what was approved on the day before, and nothing else", () => {
    const first = ["app pr1", "web pr1"];
    assert.deepEqual(
      days.map(({ lost }) => lost),
      [
        [],
        [],
        [],
        first,
        first,
        first,
        ["app pr1", "app pr2", "web pr1"],
        ["app pr2", "web pr1", "jobs pr1"],
        ["app pr2", "web pr1", "jobs pr1"],
        ["app pr2", "web pr1", "web pr2", "jobs pr1", "jobs pr2"],
      ],
    );
  });

  it("honour each line that was printed the day before, in every package that still has its plan", () => {
    const stands = days.flatMap(({ merged }, day) => {
      const line = days[day - 1]?.line;
      assert.equal(line === undefined, merged === undefined);
      return merged === undefined ? [] : [[day, new RegExp(`^approval ${line} (.*)$`, "m").exec(merged.summary)?.[1]]];
    });
    assert.deepEqual(stands, [
      [3, "stands in 2 packages"],
      [6, "stands in 1 package"],
      [7, "stands in 2 packages"],
      [9, "stands in 2 packages"],
    ]);
  });

  it("say each day what waits and what is in grace", () => {
    const said = days.map(({ preview }) => {
      const [headline = ""] = preview.summary.split("\n");
      return headline.replace(/ \(a delete rule .*?\)/, "").replace(/\d{4}-\d\d-(\d\d)-[0-9a-f]{12}/, "$1");
    });
    assert.deepEqual(said, [
      "3 packages with 58 versions: 0 planned; 4 in grace",
      "3 packages with 64 versions: 0 planned; 4 in grace",
      "3 packages with 70 versions: 4 planned; 2 plans waiting, the oldest 25 of web",
      "3 packages with 72 versions: 0 planned; 4 in grace",
      "4 packages with 86 versions: 0 planned; 6 in grace",
      "4 packages with 94 versions: 4 planned; 2 plans waiting, the oldest 28 of tools; 2 in grace",
      "3 packages with 82 versions: 2 planned; 1 plan waiting, the oldest 29 of jobs; 4 in grace",
      "3 packages with 88 versions: 0 planned, 1 withheld; 4 in grace",
      "3 packages with 94 versions: 4 planned, 1 withheld; 2 plans waiting, the oldest 01 of jobs",
      "3 packages with 96 versions: 0 planned, 1 withheld",
    ]);
  });

  it("report on the package that has come, and say of the one that is gone that its policy leaves", () => {
    const isReported = (name: string) => days.flatMap(({ preview }, day) => (preview.packages[name] === undefined ? [] : [day]));
    assert.deepEqual(
      [isReported("jobs"), isReported("tools")],
      [
        [4, 5, 6, 7, 8, 9],
        [0, 1, 2, 3, 4, 5],
      ],
    );
    assert.deepEqual(days[6]?.nightly.printed, [
      "acme/tools: its policy leaves the stack; nothing is deleted in the registry, and nothing is left to restore.",
    ]);
  });

  it("say what a run deleted, and what it restored", () => {
    assert.match(days[6]?.merged?.packages.app ?? "", /^deleted 2 versions; all 34 manifests of 17 retained images verified; undo: npx /);
    assert.match(days[7]?.nightly.packages.app ?? "", /^restored 2 versions, and pulled; /);
  });

  it("leave every image whole that stays, and the restored one is back", async () => {
    for (const world of worlds.values()) await assertComplete(world, ...world.tags());
    assert.ok(worlds.get("app")?.tags().includes("pr-1"));
  });
});
