import assert from "node:assert/strict";
import { type FaultRequest, pushImage, pushMultiArchImage, type SeededVersion } from "../../../sandbox";
import { type Answer, callApi, callRegistry, linksIn, ociErrorIn, tagsIn, targetOf, versionsIn } from "../../support/emulator/calls";
import { useSandbox } from "../../support/emulator/running-sandbox";

const pkg = "logto-io/logto";
const versions = "/orgs/logto-io/packages/container/logto/versions";

describe("a fault", () => {
  const sandbox = useSandbox();
  let seeded: readonly SeededVersion[] = [];
  const idOf = (place: number) => seeded[place]?.id ?? 0;
  const digestOf = (place: number) => seeded[place]?.digest ?? "";
  const list = (query = "") => callApi(sandbox(), `${versions}${query}`);
  const remove = (id: number) => callApi(sandbox(), `${versions}/${id}`, { method: "DELETE" });
  const manifest = (reference: string) => callRegistry(sandbox(), `/v2/${pkg}/manifests/${reference}`);
  const inject = (effect: FaultRequest["effect"], rest: Omit<FaultRequest, "effect"> = {}) => sandbox().addFault({ ...rest, effect });
  const ids = (answer: Answer) => versionsIn(answer).map(({ id }) => id);

  beforeEach(() => {
    seeded = sandbox().seed(Array.from({ length: 6 }, (_, place) => ({ package: pkg, tags: [`v${place}`] })));
  });

  describe("strikes what it matches", () => {
    const status = (rest: Omit<FaultRequest, "effect">) => inject({ kind: "status", status: 500 }, rest);
    const statuses = async (calls: (() => Promise<Answer>)[]) => {
      const found: number[] = [];
      for (const one of calls) found.push((await one()).status);
      return found;
    };

    it("once, unless told otherwise", async () => {
      status({});
      assert.deepEqual(await statuses([list, list]), [500, 200]);
    });
    it("so many times, after so many", async () => {
      status({ after: 1, times: 2 });
      assert.deepEqual(await statuses([list, list, list, list]), [200, 500, 500, 200]);
    });
    it("for ever", async () => {
      status({ times: null });
      assert.deepEqual(await statuses([list, list, list]), [500, 500, 500]);
      sandbox().clearFaults();
      assert.deepEqual(await statuses([list]), [200]);
    });
    it("by surface, method, part of the path and pattern", async () => {
      status({ match: { surface: "registry", method: ["GET", "HEAD"], path: "/manifests/", pattern: "v[12]$" }, times: null });
      assert.deepEqual(await statuses([list, () => manifest("v0"), () => manifest("v1")]), [200, 200, 500]);
    });
    it("and is counted, and named in the log", async () => {
      const id = status({ id: "mine" });
      await list();
      assert.deepEqual(sandbox().requests().at(-1)?.faults, [id]);
      assert.deepEqual(sandbox().faults(), [{ id: "mine", kind: "status", struck: 1 }]);
    });
  });

  describe("of kind", () => {
    it("status: answers instead, or after the work was done", async () => {
      inject({ kind: "status", status: 502, body: "<html>", headers: { "x-why": "test" } });
      const answer = await remove(idOf(0));
      assert.deepEqual([answer.status, answer.bytes.toString(), answer.headers.get("x-why")], [502, "<html>", "test"]);
      assert.equal((await remove(idOf(0))).status, 204);
      inject({ kind: "status", status: 502, handled: true });
      assert.equal((await remove(idOf(1))).status, 502);
      assert.equal((await remove(idOf(1))).message, "Package version not found.");
    });

    it("body: puts another body into a good answer", async () => {
      inject({ kind: "body", body: "[[[[" });
      const answer = await list();
      assert.deepEqual([answer.status, answer.bytes.toString()], [200, "[[[["]);
      inject({ kind: "body", headers: { link: `<${sandbox().foreignUrl}/next>; rel="next"` } });
      const lured = await list();
      assert.deepEqual([versionsIn(lured).length, linksIn(lured).next], [6, `${sandbox().foreignUrl}/next`]);
    });

    it("delay: answers late", async () => {
      inject({ kind: "delay", ms: 50 });
      const before = performance.now();
      await list();
      assert.ok(performance.now() - before >= 49);
    });

    it("drop: closes the connection, before or after the work", async () => {
      inject({ kind: "drop" });
      await assert.rejects(remove(idOf(0)));
      assert.equal(sandbox().package(pkg)?.versions.length, 6);
      inject({ kind: "drop", handled: true });
      await assert.rejects(remove(idOf(0)));
      assert.equal(sandbox().package(pkg)?.versions.length, 5);
      assert.equal(sandbox().requests().at(-1)?.status, 0);
    });

    it("truncate: closes the connection within the body", async () => {
      inject({ kind: "truncate" });
      await assert.rejects(list());
      inject({ kind: "truncate", bytes: 3 });
      await assert.rejects(manifest("v0"));
    });

    it("wrong-digest: alters a manifest's bytes, and only them", async () => {
      inject({ kind: "wrong-digest" });
      const [altered, right] = [await manifest("v0"), await manifest("v0")];
      assert.notDeepEqual(altered.bytes, right.bytes);
      assert.equal(altered.bytes.length, right.bytes.length);
      assert.equal(altered.headers.get("docker-content-digest"), digestOf(0));
      assert.ok(altered.body !== undefined, "it is JSON still");
    });

    it("duplicate-page: gives the page before once more", async () => {
      const first = ids(await list("?per_page=2&page=1"));
      inject({ kind: "duplicate-page" }, { times: null });
      assert.deepEqual(ids(await list("?per_page=2&page=1")), first);
      assert.deepEqual(ids(await list("?per_page=2&page=2")), first);
    });

    it("shifted-page: skips what moved up to the page before", async () => {
      inject({ kind: "shifted-page" }, { match: { path: "page=2" } });
      assert.deepEqual(ids(await list("?per_page=2&page=1")), [idOf(5), idOf(4)]);
      assert.deepEqual(ids(await list("?per_page=2&page=2")), [idOf(2), idOf(1)]);
    });

    it("stale-list: lists what was there when the fault was added", async () => {
      inject({ kind: "stale-list" }, { times: 1 });
      await remove(idOf(0));
      sandbox().seed([{ package: pkg, tags: ["v1"] }]);
      assert.deepEqual(tagsIn(await list()), [["v5"], ["v4"], ["v3"], ["v2"], ["v1"], ["v0"]]);
      assert.deepEqual(tagsIn(await list()), [["v1"], ["v5"], ["v4"], ["v3"], ["v2"], []]);
    });

    it("stale-read: still has what was deleted", async () => {
      await remove(idOf(0));
      inject({ kind: "stale-read" }, { times: 4 });
      assert.equal((await manifest("v0")).status, 200);
      assert.equal((await manifest(digestOf(0))).status, 200);
      assert.equal((await callApi(sandbox(), `${versions}/${idOf(0)}`)).status, 200);
      assert.equal(versionsIn(await list()).length, 6);
      assert.equal((await manifest("v0")).status, 404);
    });

    const refusals: [FaultRequest["effect"], number, RegExp][] = [
      [{ kind: "refuse" }, 400, /more than 5000 downloads/],
      [{ kind: "refuse", reason: "last-tagged" }, 400, /last tagged version/],
      [{ kind: "refuse", reason: "last-version" }, 400, /last version of a package/],
      [{ kind: "refuse", reason: "not-admin" }, 404, /^Package not found\.$/],
      [{ kind: "refuse", reason: "gone" }, 404, /^Package version not found\.$/],
    ];
    for (const [effect, status, text] of refusals) {
      it(`refuse: with GitHub's ${text}`, async () => {
        inject(effect);
        const answer = await remove(idOf(0));
        assert.equal(answer.status, status);
        assert.match(answer.message ?? "", text);
        assert.equal(sandbox().package(pkg)?.versions.length, 6);
      });
    }

    it("vanish: the version is deleted by somebody else just before", async () => {
      inject({ kind: "vanish" });
      assert.equal((await remove(idOf(0))).message, "Package version not found.");
      inject({ kind: "vanish" }, { match: { surface: "registry" } });
      assert.equal((await manifest("v1")).status, 404);
      inject({
        kind: "vanish",
        versions: [
          { package: pkg, version: "v2" },
          { package: pkg, version: idOf(3) },
        ],
      });
      assert.equal((await list()).status, 200);
      assert.deepEqual(
        sandbox()
          .package(pkg)
          ?.deleted.map(({ id }) => id),
        [idOf(3), idOf(2), idOf(1), idOf(0)],
      );
    });

    it("token-expiry: the token is no good from then on, on both surfaces", async () => {
      inject({ kind: "token-expiry" }, { after: 1 });
      assert.equal((await list()).status, 200);
      assert.deepEqual([(await list()).status, (await list()).status, (await manifest("v0")).status], [401, 401, 401]);
    });

    it("push: somebody pushes just before or just after", async () => {
      inject({ kind: "push", versions: [{ package: pkg, tags: ["v0"] }] });
      const answer = await list();
      assert.equal(versionsIn(answer).length, 7);
      assert.deepEqual(tagsIn(answer).at(-1), []);
      inject({ kind: "push", versions: [{ package: pkg }], handled: true });
      assert.equal(versionsIn(await list()).length, 7);
      assert.equal(versionsIn(await list()).length, 8);
    });

    it("rate-limit: secondary, with and without retry-after", async () => {
      inject({ kind: "rate-limit", retryAfterSeconds: 3 });
      inject({ kind: "rate-limit", status: 429 }, { after: 1 });
      const [first, second] = [await list(), await list()];
      assert.deepEqual([first.status, first.headers.get("retry-after")], [403, "3"]);
      assert.deepEqual([second.status, second.headers.get("retry-after")], [429, null]);
      assert.notEqual(second.headers.get("x-ratelimit-remaining"), "0");
      assert.match(second.message ?? "", /secondary rate limit/);
    });

    it("rate-limit: primary, with the reset on the sandbox's clock", async () => {
      inject({ kind: "rate-limit", limit: "primary", resetAfterSeconds: 30 });
      const answer = await list();
      assert.equal(answer.headers.get("x-ratelimit-remaining"), "0");
      assert.equal(answer.headers.get("x-ratelimit-reset"), String(Date.parse("2023-12-01T00:00:30Z") / 1000));
    });

    it("rate-limit: the registry's own, with the wait in the text", async () => {
      inject({ kind: "rate-limit" }, { match: { surface: "registry" } });
      const answer = await manifest("v0");
      assert.equal(answer.status, 429);
      assert.match(ociErrorIn(answer)?.message ?? "", /^retry-after: [\d.]+ms/);
    });

    it("call: any function, in this process", async () => {
      sandbox().addFault({
        match: { method: "DELETE" },
        effect: {
          kind: "call",
          call: async () => {
            await pushImage(targetOf(sandbox(), pkg), { seed: "meanwhile", tags: ["new"] });
            return undefined;
          },
        },
      });
      assert.equal((await remove(idOf(0))).status, 204);
      assert.ok(
        sandbox()
          .package(pkg)
          ?.versions.some(({ tags }) => tags.includes("new")),
      );
    });
  });

  it("leaves everything as it was once it is spent", async () => {
    const pushed = await pushMultiArchImage(targetOf(sandbox(), pkg), { seed: "one", tags: ["prod"] });
    const effects: FaultRequest["effect"][] = [{ kind: "wrong-digest" }, { kind: "truncate" }, { kind: "status", status: 500 }];
    for (const effect of effects) {
      inject(effect);
      await manifest("prod").catch(() => undefined);
    }
    assert.deepEqual((await manifest("prod")).bytes, pushed.built.index.bytes);
  });
});
