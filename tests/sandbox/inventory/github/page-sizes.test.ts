import assert from "node:assert/strict";
import { connect } from "../../../../components/inventory/connection";
import { listDeleted } from "../../../../components/inventory/github/list-deleted";
import { listPackages } from "../../../../components/inventory/github/list-packages";
import type { FaultMatch, FaultRequest } from "../../../../sandbox";
import { useSandbox } from "../../../support/emulator/running-sandbox";
import { assertStops, assertWhole, countRequests, lookAt, name, repository, strike } from "../../../support/inventory/looking";

const tooLarge: FaultRequest["effect"] = { kind: "status", status: 502, body: "<!DOCTYPE html><title>Unicorn!</title>" };
const active = "/versions\\?state=active";
const pagesOf = (size: number, list = active): FaultMatch => ({ surface: "api", pattern: `${list}.*\\bper_page=${size}\\b` });

describe("a list whose pages are too large for GitHub", () => {
  const sandbox = useSandbox();
  beforeEach(() => {
    sandbox().seed(Array.from({ length: 250 }, (_, place) => ({ package: repository, tags: place < 3 ? [`v${place}`] : [] })));
  });
  const look = () => lookAt(sandbox(), { manifestsToRead: () => [] });
  const asked = (size: number, list = active) => countRequests(sandbox(), new RegExp(pagesOf(size, list).pattern ?? ""));

  for (const status of [502, 504]) {
    it(`is asked for in pages of 50, and proven whole: ${status}`, async () => {
      strike(sandbox(), pagesOf(100), { ...tooLarge, status });
      assertWhole(await look(), 250);
      assert.deepEqual([asked(100), asked(50), asked(30)], [4, 6, 0]);
    });
  }

  it("is asked for in pages of 30 where 50 are too many as well", async () => {
    strike(sandbox(), pagesOf(100), tooLarge);
    strike(sandbox(), pagesOf(50), tooLarge);
    assertWhole(await look(), 250);
    assert.deepEqual([asked(100), asked(50), asked(30)], [4, 4, 10]);
  });

  it("is read from its beginning where a later page is too large", async () => {
    strike(sandbox(), { surface: "api", pattern: `${active}.*\\bper_page=100&page=3` }, tooLarge);
    assertWhole(await look(), 250);
    assert.equal(asked(50), 6);
  });

  it("is asked for in the size that worked when the run lists it again", async () => {
    strike(sandbox(), pagesOf(100), tooLarge);
    await look();
    sandbox().clearRequests();
    assertWhole(await look(), 250);
    assert.deepEqual([asked(100), asked(50)], [0, 6]);
  });

  it("is no list where the small pages shift while it is read", async () => {
    strike(sandbox(), pagesOf(100), tooLarge);
    strike(sandbox(), { surface: "api", pattern: `${active}.*\\bper_page=50&page=3` }, { kind: "duplicate-page" });
    await assertStops(sandbox(), /could not be read consistently in 5 attempts \(a version stands on two pages\)/);
  });

  it("is none where no size works, and the next look begins with the largest again", async () => {
    strike(sandbox(), { surface: "api", pattern: active }, tooLarge);
    await assertStops(sandbox(), ": GitHub answered 502: an HTML page; run again later.");
    assert.deepEqual([asked(100), asked(50), asked(30)], [4, 4, 4]);
    sandbox().clearFaults();
    sandbox().clearRequests();
    assertWhole(await look(), 250);
    assert.equal(asked(100), 4);
  });

  it("is not asked for in smaller pages after another error", async () => {
    strike(sandbox(), pagesOf(100), { kind: "status", status: 500 });
    await assertStops(sandbox(), /GitHub answered 500/);
    assert.equal(asked(50), 0);
  });

  it("is the same for deleted versions", async () => {
    const pkg = sandbox().store.find(repository);
    for (const version of pkg?.active.all().slice(0, 120) ?? []) if (pkg) sandbox().store.delete(pkg, version);
    const list = "/versions\\?state=deleted";
    strike(sandbox(), pagesOf(100, list), tooLarge);
    assert.equal((await listDeleted(github(), name, { kind: "orgs", ...name })).length, 120);
    assert.deepEqual([asked(100, list), asked(50, list)], [4, 3]);
  });

  it("is the same for an owner's packages", async () => {
    for (let place = 0; place < 119; place++) sandbox().setPackage({ package: `logto-io/p${place}` });
    const list = "/orgs/logto-io/packages\\?";
    strike(sandbox(), pagesOf(100, list), tooLarge);
    assert.equal((await listPackages(github(), "logto-io")).length, 120);
    assert.deepEqual([asked(100, list), asked(50, list)], [4, 6]);
  });

  function github() {
    const { githubApiUrl, registryUrl, token } = sandbox();
    return connect({ githubApiUrl, registryUrl, deletionsPerMinute: 60_000, cacheFolder: undefined }, token, 1).github;
  }
});
