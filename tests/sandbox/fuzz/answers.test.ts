import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import fc from "fast-check";
import { connect } from "../../../components/inventory/connection";
import { listDeleted } from "../../../components/inventory/github/list-deleted";
import { countVersions, findRoute, listPage } from "../../../components/inventory/github/packages-api";
import { parseScopes } from "../../../components/inventory/github/token-scopes";
import { parseHttpDate } from "../../../components/inventory/http/http-date";
import { readManifest } from "../../../components/inventory/references/read-manifest";
import { resolveReference } from "../../../components/inventory/registry/registry";
import { missingScopes } from "../../../components/model/token-scopes";
import { buildMultiArchImage } from "../../../sandbox";
import { mutatedJson, mutatedText } from "../../support/fuzz/mutations";
import { assertForPeople, assertPrintable, assertPrototypesClean, patience, runs } from "../../support/fuzz/runs";
import { type Loopback, serveOnLoopback } from "../../support/hostile/loopback";

const name = { owner: "logto-io", name: "logto" };
const label = "logto-io/logto";
const route = { kind: "orgs", owner: name.owner, name: name.name } as const;
const digest = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const tag = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

const version = (id: number) => ({
  id,
  name: `sha256:${String(id).padStart(64, "0")}`,
  created_at: "2023-01-01T00:00:00Z",
  updated_at: "2023-06-01T00:00:00Z",
  deleted_at: "2023-11-01T00:00:00Z",
  metadata: { package_type: "container", container: { tags: id === 1 ? ["prod", "v1.2.0"] : [] } },
});
const pages = [version(1), version(2), version(3)];
const link = '<https://api.github.com/x?per_page=100&page=2>; rel="next", <https://api.github.com/x?per_page=100&page=3>; rel="last"';
const date = "Fri, 01 Dec 2023 00:00:00 GMT";
const index = buildMultiArchImage({ seed: "fuzz" }).index;

/** What may stand in a header at all; the rest never leaves an honest library. */
const headerText = (valid: string) =>
  fc
    .oneof(
      mutatedText(valid),
      fc.constantFrom("", "0", "-1", "1e999", "\u009b31m", "Fri, 01 Jan 275760 00:00:00 GMT", "999999999999"),
      fc.string(),
    )
    .map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, ""));

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const headers = fc.record(
  {
    link: headerText(link),
    date: fc.oneof({ weight: 4, arbitrary: fc.constant(date) }, headerText(date)),
    etag: headerText('"abc"'),
    "content-type": headerText("application/json; charset=utf-8"),
    "x-oauth-scopes": headerText("read:packages, delete:packages"),
    "x-accepted-oauth-scopes": headerText("delete:packages"),
    deprecation: headerText("@1688169599"),
    "docker-content-digest": headerText(index.digest),
  },
  { requiredKeys: [] },
);
/** Not 429 and 5xx: those are asked for again, which page-answers.test.ts holds. */
const status = fc.oneof(
  { weight: 8, arbitrary: fc.constant(200) },
  fc.constantFrom(201, 204, 205, 206, 226, 300, 304, 400, 401, 404, 410, 418, 422, 451),
);

function answers(valid: unknown): fc.Arbitrary<Answer> {
  return fc.record({ status, headers, body: mutatedJson(valid) }).map((answer) => ({ ...answer, headers: { date, ...answer.headers } }));
}

describe("the answers of the two servers, changed at random", function () {
  this.timeout(patience);

  let server: Loopback;
  let answer: Answer;
  before(async () => {
    server = await serveOnLoopback((_: IncomingMessage, response: ServerResponse) => {
      response.sendDate = false;
      response.writeHead(answer.status, answer.headers);
      response.end([204, 205, 304].includes(answer.status) ? undefined : answer.body);
    });
  });
  after(() => server.close());
  const connection = () =>
    connect({ githubApiUrl: server.url, registryUrl: server.url, deletionsPerMinute: 100_000, cacheFolder: undefined }, "ghp_fuzz", 0);

  /** The value where it is one, and no other error than one for people. */
  async function outcome<Value>(of: Answer, ask: () => Promise<Value>): Promise<Value | undefined> {
    answer = of;
    try {
      return await ask();
    } catch (error) {
      assertForPeople(error, label);
      assert.equal((error as Error).message.includes("\n"), false);
      assert.equal((error as Error).message.includes("ghp_fuzz"), false);
      return undefined;
    } finally {
      assertPrototypesClean();
    }
  }

  it("give an owner of one of two kinds", async () => {
    await fc.assert(
      fc.asyncProperty(answers({ login: "logto-io", id: 1, type: "Organization" }), async (of) => {
        connection().github.owners.clear();
        const found = await outcome(of, () => findRoute(connection().github, name));
        if (found === undefined) return;
        assert.ok(["orgs", "users"].includes(found.route.kind));
        for (const scope of found.scopes ?? []) assertPrintable(scope);
      }),
      runs(60),
    );
  });

  it("give a count that is one", async () => {
    await fc.assert(
      fc.asyncProperty(answers({ name: "logto", version_count: 3 }), async (of) => {
        const count = await outcome(of, () => countVersions(connection().github, name, route));
        assert.ok(count === undefined || (Number.isSafeInteger(count) && count >= 0));
      }),
      runs(60),
    );
  });

  it("give versions whose every field is understood", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(answers(pages), async (of) => {
        const page = await outcome(of, () => listPage(connection().github, name, route, { size: 100, page: 1 }));
        if (page === undefined) return;
        taken += 1;
        assert.equal(page.versions.length, (JSON.parse(String(of.body)) as unknown[]).length);
        for (const { id, digest: own, tags, createdAt, updatedAt } of page.versions) {
          assert.ok(Number.isSafeInteger(id) && digest.test(own) && tags.every((one) => tag.test(one)));
          assert.ok(new Date(createdAt).toISOString().length === 24 && new Date(updatedAt).toISOString().length === 24);
        }
        assert.equal(new Date(page.date).toISOString().length, 24);
        assert.ok(page.last === undefined || page.last >= 1);
      }),
      runs(150),
    );
    assert.ok(taken > 10, `only ${taken} of the changed pages were taken`);
  });

  it("give deleted versions whose every field is understood", async () => {
    await fc.assert(
      fc.asyncProperty(answers(pages), async (of) => {
        for (const { digest: own, tags, createdAt, deletedAt = 0 } of (await outcome(of, () =>
          listDeleted(connection().github, name, route),
        )) ?? []) {
          assert.ok(digest.test(own) && tags.every((one) => tag.test(one)));
          assert.ok(new Date(createdAt).toISOString().length === 24 && new Date(deletedAt).toISOString().length === 24);
        }
      }),
      runs(80),
    );
  });

  it("give no manifest but the one that was asked for", async () => {
    const intact = fc.record({ status, headers, body: fc.constant(index.bytes) });
    const changed = fc.record({ status, headers, body: mutatedText(index.bytes.toString("utf8")) });
    const expected = (JSON.parse(index.bytes.toString("utf8")) as { manifests: { digest: string }[] }).manifests.map(
      ({ digest }) => digest,
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(intact, changed), async (of) => {
        const manifest = await outcome(of, () => readManifest(connection().registry, name, index.digest));
        if (manifest !== undefined)
          assert.deepEqual(
            manifest.children.map(({ digest }) => digest),
            expected,
          );
      }),
      runs(80),
    );
  });

  it("give no digest but one that is well-formed", async () => {
    await fc.assert(
      fc.asyncProperty(answers({}), async (of) => {
        const found = await outcome(of, () => resolveReference(connection().registry, name, "prod"));
        assert.ok(found === undefined || digest.test(found));
      }),
      runs(60),
    );
  });
});

describe("the parsers of headers", function () {
  this.timeout(patience);

  it("take a date for none, or for one that has four digits for its year and can be counted from", () => {
    fc.assert(
      fc.property(fc.oneof(mutatedText(date), fc.string(), fc.constantFrom("Fri, 01 Jan 275760 00:00:00 GMT", "-1", "0")), (text) => {
        const found = parseHttpDate(text);
        if (found !== undefined) assert.match(new Date(found + 31 * 86_400_000).toISOString(), /^\d{4}-/);
      }),
      runs(500),
    );
  });

  it("take scopes for what can be printed, and ask for none that is there", () => {
    fc.assert(
      fc.property(fc.oneof(mutatedText("read:packages, delete:packages"), fc.string({ unit: "binary" })), (text) => {
        const scopes = parseScopes(text) ?? new Set<string>();
        for (const scope of scopes) assertPrintable(scope);
        assert.ok(scopes.size <= 50);
        assert.deepEqual(missingScopes(scopes, scopes), []);
      }),
      runs(500),
    );
  });
});
