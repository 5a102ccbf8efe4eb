import assert from "node:assert/strict";
import type { FaultEffect, FaultMatch } from "../../../../sandbox";
import { useSandbox } from "../../../support/emulator/running-sandbox";
import { assertStops, assertWhole, countRequests, lookAt, repository, strike } from "../../../support/inventory/looking";

const api: FaultMatch = { surface: "api", method: "GET" };
const versions = "/packages/container/logto/versions";
const page = (number: number): FaultMatch => ({ ...api, pattern: `${versions}\\?state=active.*\\bpage=${number}(&|$)` });
const count: FaultMatch = { ...api, pattern: "/packages/container/logto$" };
const package_ = (more: object) => JSON.stringify({ id: 1, name: "logto", package_type: "container", ...more });
const link = (last: number) => ({ link: `<https://api.github.com${versions}?per_page=100&page=${last}>; rel="last"` });

/** A list that is not whole, and what is doubted of it. */
const doubts: { readonly name: string; readonly match: FaultMatch; readonly effect: FaultEffect; readonly doubt: RegExp }[] = [
  {
    name: "the later pages begin later than the first ended",
    match: { ...api, pattern: `${versions}\\?state=active` },
    effect: { kind: "shifted-page", by: 1 },
    doubt: /249 versions listed, 250 counted/,
  },
  {
    name: "a page overlaps with the next",
    match: page(2),
    effect: { kind: "shifted-page", by: 1 },
    doubt: /a version stands on two pages/,
  },
  { name: "a page comes twice", match: page(2), effect: { kind: "duplicate-page" }, doubt: /a version stands on two pages/ },
  { name: "the last page comes twice", match: page(3), effect: { kind: "duplicate-page" }, doubt: /a version stands on two pages/ },
  { name: "a page is empty", match: page(2), effect: { kind: "body", body: "[]", headers: {} }, doubt: /150 versions listed, 250 counted/ },
  {
    name: "GitHub counts more versions",
    match: count,
    effect: { kind: "body", body: package_({ version_count: 251 }), headers: {} },
    doubt: /250 versions listed, 251 counted/,
  },
  {
    name: "GitHub counts fewer versions",
    match: count,
    effect: { kind: "body", body: package_({ version_count: 249 }), headers: {} },
    doubt: /250 versions listed, 249 counted/,
  },
  { name: "`Link` is missing", match: page(1), effect: { kind: "body", headers: { link: "" } }, doubt: /100 versions listed, 250 counted/ },
  { name: "`Link` ends early", match: page(1), effect: { kind: "body", headers: link(2) }, doubt: /200 versions listed, 250 counted/ },
  { name: "`Link` goes on", match: page(1), effect: { kind: "body", headers: link(5) }, doubt: /5 pages announced, 250 versions counted/ },
  {
    name: "`Link` goes on for ever",
    match: page(1),
    effect: { kind: "body", headers: link(4_000_000_000) },
    doubt: /4000000000 pages announced, 250 versions counted/,
  },
];

describe("a list of versions", () => {
  const sandbox = useSandbox();
  beforeEach(() => {
    sandbox().seed(Array.from({ length: 250 }, (_, place) => ({ package: repository, tags: place < 3 ? [`v${place}`] : [] })));
  });
  const look = () => lookAt(sandbox(), { manifestsToRead: () => [] });
  const stops = (doubt: RegExp) =>
    assertStops(
      sandbox(),
      new RegExp(
        `^${repository}: the list of versions could not be read consistently in 5 attempts \\((${doubt.source})\\); something changes the package just now\\. Run again later\\.$`,
      ),
    );
  const timesListed = () => countRequests(sandbox(), /\/packages\/container\/logto$/);
  const timesRead = () => countRequests(sandbox(), /\/manifests\//);

  it("is believed when it is whole, after one reading of each page and a second of the first", async () => {
    assertWhole(await look(), 250);
    assert.deepEqual(
      [1, 2, 3].map((number) => countRequests(sandbox(), new RegExp(page(number).pattern ?? ""))),
      [2, 1, 1],
    );
    assert.equal(timesListed(), 1);
  });

  for (const { name, match, effect, doubt } of doubts) {
    it(`is read again when ${name}`, async () => {
      strike(sandbox(), match, effect, 1);
      assertWhole(await look(), 250);
      assert.equal(timesListed(), 2);
    });
    it(`is none when ${name} each time`, async () => {
      strike(sandbox(), match, effect);
      await stops(doubt);
      assert.equal(timesListed(), 5);
      assert.equal(timesRead(), 0, "nothing is concluded from a doubtful list, so nothing is read");
    });
  }

  it("is believed when `Link` names one page too many, which proves to be empty", async () => {
    strike(sandbox(), page(1), { kind: "body", headers: link(4) });
    assertWhole(await look(), 250);
    assert.equal(timesListed(), 1);
  });

  it("is none when `Link` names a page that GitHub's count does not know, and it has versions", async () => {
    strike(sandbox(), count, { kind: "body", body: package_({ version_count: 200 }), headers: {} });
    await stops(/250 versions listed, 200 counted/);
  });

  describe("while somebody pushes", () => {
    const push = (times: number | null) =>
      // Once per listing: after its second page was answered.
      sandbox().addFault({ match: page(2), times, effect: { kind: "push", versions: [{ package: repository }], handled: true } });

    it("is read again", async () => {
      push(1);
      assertWhole(await look(), 251);
      assert.equal(timesListed(), 2);
    });
    it("is none when it goes on for ever", async () => {
      push(null);
      await stops(/a version stands on two pages|the first page changed|\d+ versions listed, \d+ counted/);
      assert.equal(timesListed(), 5);
      assert.equal(timesRead(), 0);
    });
  });

  describe("while somebody deletes", () => {
    it("is read again: items shift, and one would never be seen", async () => {
      const [newest] = sandbox().package(repository)?.versions ?? [];
      const victim = [{ package: repository, version: newest?.digest ?? "" }];
      strike(sandbox(), page(2), { kind: "vanish", versions: victim }, 1);
      assertWhole(await look(), 249);
      assert.equal(timesListed(), 2);
    });
    it("is read again even when a push at the same moment makes the count right", async () => {
      const all = sandbox().package(repository)?.versions ?? [];
      strike(sandbox(), page(3), { kind: "vanish", versions: [{ package: repository, version: all[120]?.digest ?? "" }] }, 1);
      strike(sandbox(), page(3), { kind: "push", versions: [{ package: repository }], handled: false }, 1);
      assertWhole(await look(), 250);
      assert.equal(timesListed(), 2);
    });
  });

  it("goes with a list of deleted versions that holds what somebody deletes meanwhile", async () => {
    const [, , { digest = "" } = {}] = sandbox().package(repository)?.versions ?? [];
    strike(sandbox(), count, { kind: "vanish", versions: [{ package: repository, version: digest }] }, 1);
    const {
      graph: { inventory },
    } = await look();
    assert.equal(inventory.versions.length, 249);
    assert.deepEqual(
      inventory.deleted?.map((version) => version.digest),
      [digest],
    );
  });

  it("is none when a digest stands on two versions", async () => {
    const time = "2023-01-01T00:00:00Z";
    const version = { name: `sha256:${"ab".repeat(32)}`, created_at: time, updated_at: time, metadata: { container: { tags: [] } } };
    const both = JSON.stringify([
      { id: 1, ...version },
      { id: 2, ...version },
    ]);
    strike(sandbox(), page(1), { kind: "body", body: both, headers: { link: "" } });
    strike(sandbox(), count, { kind: "body", body: package_({ version_count: 2 }), headers: {} });
    await stops(/a digest stands on two versions/);
  });

  it("is none when a tag moved between the first reading of page 1 and the second", async () => {
    const [newest] = sandbox().package(repository)?.versions ?? [];
    let moves = 0;
    sandbox().addFault({
      match: page(3),
      times: null,
      effect: {
        kind: "call",
        call: () => {
          const pkg = sandbox().store.find(repository);
          const version = pkg?.byDigest(newest?.digest ?? "");
          if (pkg && version) pkg.moveTag(`moved-${moves++}`, version);
          return undefined;
        },
      },
    });
    await stops(/the first page changed/);
  });
});
