import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { connect } from "../../../components/inventory/connection";
import { takeInventory } from "../../../components/inventory/take-inventory";
import type { FaultMatch, FaultRequest } from "../../../sandbox";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { endless, serveOnLoopback } from "../../support/hostile/loopback";
import { assertStops, assertWhole, countRequests, lookAt, name, repository, strike } from "../../support/inventory/looking";

type Effect = FaultRequest["effect"];

const escapes = "\u001b]0;owned\u0007\u001b[2J\u202e\u200b\r\n\u009b31m\u2028approve";
const depth = 100_000;
const deep = "[".repeat(depth) + "]".repeat(depth);
const version = {
  id: 1,
  name: `sha256:${"ab".repeat(32)}`,
  created_at: "2023-01-01T00:00:00Z",
  updated_at: "2023-01-01T00:00:00Z",
  metadata: { container: { tags: [] as string[] } },
};
const page = (change: object) => JSON.stringify([{ ...version, ...change }]);
const body = (text: string, headers: Record<string, string> = {}): Effect => ({ kind: "body", body: text, headers });

const places: Readonly<Record<string, FaultMatch>> = {
  "the owner": { surface: "api", pattern: "/users/logto-io$" },
  "the package": { surface: "api", pattern: "/packages/container/logto$" },
  "a page of the list": { surface: "api", pattern: "state=active" },
};

describe("an answer of GitHub's API that means harm", () => {
  const sandbox = useSandbox();
  beforeEach(() => {
    sandbox().seed(Array.from({ length: 150 }, (_, place) => ({ package: repository, tags: place === 0 ? ["prod"] : [] })));
  });

  /** One clean line, nothing asked of the registry or of another host. */
  async function stops(message: string | RegExp): Promise<void> {
    await assertStops(sandbox(), message);
    await assert.rejects(lookAt(sandbox()), ({ message }: Error) => {
      assert.equal(message, message.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, ""));
      assert.ok(message.length < 1_000);
      return true;
    });
    const others = sandbox()
      .requests()
      .filter(({ surface }) => surface !== "api");
    assert.deepEqual(others, []);
  }

  for (const [place, match] of Object.entries(places)) {
    describe(`in the place of ${place}`, () => {
      it("sends the token to no other host", async () => {
        for (const status of [301, 302, 303, 307, 308]) {
          sandbox().clearFaults();
          strike(sandbox(), match, { kind: "status", status, headers: { location: `${sandbox().foreignUrl}/elsewhere` } });
          await stops(
            new RegExp(
              `^${repository}: GitHub redirects to another host \\(${status} to localhost:\\d+\\), which is not followed because the request carries the token; `,
            ),
          );
        }
      });

      it("stops the look by what it inflates to", async () => {
        const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, " "));
        const headers = { "content-encoding": "gzip" };
        const call = () => ({ status: 200, headers: { ...headers }, body: bomb });
        sandbox().addFault({ match, times: null, effect: { kind: "call", call } });
        await stops(/^logto-io\/logto: GitHub answered with a body of more than 16 MiB; /);
      });

      for (const [what, text] of Object.entries({
        "deep nesting": deep,
        "deep nesting in what nobody reads": `[{"x":${deep}}]`,
        "no JSON": "[1,",
        "a number of a million digits": `[${"9".repeat(1_000_000)}]`,
        "another prototype": '{"__proto__":{"type":"User","version_count":1}}',
        "a constructor": '{"constructor":{"prototype":{"type":"User"}}}',
      })) {
        it(`stops the look: ${what}`, async () => {
          strike(sandbox(), match, body(text));
          await stops(/^logto-io\/logto: GitHub.*(is not understood|no JSON)/);
          assert.equal(Object.getOwnPropertyNames(Object.prototype).includes("type"), false);
        });
      }

      for (const status of [400, 403, 404, 500]) {
        it(`tells a refusal without its escapes, without its end and without its depth: ${status}`, async () => {
          strike(sandbox(), match, {
            kind: "status",
            status,
            body: `{"message":${JSON.stringify(escapes.repeat(1_000))},"errors":${deep}}`,
          });
          await stops(new RegExp(`^logto-io/logto: GitHub answered ${status}: \\?\\]0;owned\\?\\?\\[2J\\?+31m\\?approve`));
        });
      }

      it("does not mind a content type that is none", async () => {
        strike(sandbox(), match, { kind: "body", headers: { "content-type": ";;=\u00ff;charset=" } });
        assertWhole(await lookAt(sandbox(), { manifestsToRead: () => [] }), 150);
      });
    });
  }

  for (const [what, change] of Object.entries({
    "a digest that is a path": { name: "sha256:../../../etc/passwd" },
    "a digest with a path behind it": { name: `sha256:${"ab".repeat(32)}/../..` },
    "a digest of capitals": { name: `sha256:${"AB".repeat(32)}` },
    "a tag that is a path": { metadata: { container: { tags: ["../../v2/other/manifests/prod"] } } },
    "a tag with escapes": { metadata: { container: { tags: [`prod${escapes}`] } } },
    "a tag without an end": { metadata: { container: { tags: ["x".repeat(1_000_000)] } } },
    "tags that are an object": { metadata: { container: { tags: { length: 1, 0: "prod" } } } },
    "an id beyond all whole numbers": { id: 1e300 },
    "a negative id": { id: -1 },
    "a time with escapes": { created_at: escapes },
  })) {
    it(`stops the look: ${what}`, async () => {
      strike(sandbox(), places["a page of the list"] ?? {}, body(page(change)));
      await stops(/^logto-io\/logto: GitHub's answer about page 1 of the versions is not understood: 0\.[a-z_.0-9]+: /);
    });
  }

  it("follows no `Link`: neither to another host nor to a million pages", async () => {
    const link = `<${sandbox().foreignUrl}/x?page=2>; rel="next", <${sandbox().foreignUrl}/x?page=1000000>; rel="last"`;
    strike(sandbox(), { surface: "api", pattern: "state=active.*page=1$" }, { kind: "body", headers: { link } });
    await assertStops(sandbox(), /could not be read consistently in 5 attempts \(1000000 pages announced, 150 versions counted\)/);
    assert.equal(
      sandbox()
        .requests()
        .filter(({ surface }) => surface === "foreign").length,
      0,
    );
    assert.ok(countRequests(sandbox(), "state=active") < 20);
  });

  it("asks for no more pages than anybody has, whatever is counted and announced", async () => {
    strike(sandbox(), places["the package"] ?? {}, body('{"version_count":900000000000}'));
    strike(sandbox(), { surface: "api", pattern: "state=active" }, { kind: "body", headers: { link: '<x?page=900000000>; rel="last"' } });
    await stops(": GitHub announces 900000000 pages of versions; expected at most 10000.");
  });

  for (const status of [403, 429] as const) {
    for (const headers of [{ "retry-after": "200000000" }, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "2147483647" }]) {
      it(`makes nobody wait for ever: ${status}, ${Object.keys(headers).at(-1)}`, async () => {
        const message = "API rate limit exceeded";
        strike(
          sandbox(),
          { surface: "api", pattern: "state=active" },
          { kind: "status", status, body: { message }, headers: { ...headers } },
        );
        await stops(new RegExp(`^logto-io/logto: GitHub answered ${status}: API rate limit exceeded\\.`));
        assert.equal(countRequests(sandbox(), "state=active"), 2);
      });
    }
  }

  it("prints nothing of what is said of deprecations", async () => {
    const headers = { deprecation: "@1", sunset: "\u009b2Jowned", link: '<http://evil.example>; rel="deprecation"' };
    strike(sandbox(), places["the owner"] ?? {}, { kind: "body", headers });
    const { warn } = console;
    const printed: unknown[] = [];
    console.warn = (...words: unknown[]) => void printed.push(words);
    try {
      await lookAt(sandbox(), { manifestsToRead: () => [] });
    } finally {
      console.warn = warn;
    }
    assert.deepEqual(printed, []);
  });

  it("is read no further than the bound, where it has no end", async () => {
    const server = await serveOnLoopback(endless);
    try {
      const connection = connect(
        { githubApiUrl: server.url, registryUrl: server.url, deletionsPerMinute: 100_000, cacheFolder: undefined },
        sandbox().token,
        1,
      );
      await assert.rejects(
        takeInventory(connection, name, { manifestsToRead: () => [], unreadable: [] }),
        /GitHub answered with a body of more than 16 MiB/,
      );
      // Four tries of 16 MiB, and for each what the system keeps in its buffers.
      assert.ok(server.bytesSent() < 4 * 32 * 1024 * 1024, `${server.bytesSent()} bytes were sent`);
    } finally {
      await server.close();
    }
  });
});
