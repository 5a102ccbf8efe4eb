import assert from "node:assert/strict";
import type { FaultEffect, FaultMatch } from "../../../../sandbox";
import { useSandbox } from "../../../support/emulator/running-sandbox";
import { assertStops, assertWhole, countRequests, lookAt, repository, strike } from "../../../support/inventory/looking";

const said = (status: number): FaultEffect => ({
  kind: "status",
  status,
  body: { message: "GitHub's words." },
  headers: {},
  handled: false,
});
const adminHint =
  "Expected a classic token with read:packages, or GITHUB_TOKEN of a repository with the Admin role on the package; fine-grained tokens do not reach packages.";
const limitHint = "The limit lasted through several waits: run again later, or with fewer packages at a time.";

/** Answers of GitHub that are none, what is said of them after the package's name, and how often was asked. */
const cases: { readonly name: string; readonly effect: FaultEffect; readonly says: string | RegExp; readonly asked: number }[] = [
  {
    name: "401",
    effect: said(401),
    says: ": GitHub answered 401: GitHub's words. Expected a valid token in `ghcr-retention:token` or GITHUB_TOKEN.",
    asked: 1,
  },
  { name: "403 without a limit", effect: said(403), says: `: GitHub answered 403: GitHub's words. ${adminHint}`, asked: 1 },
  {
    name: "404",
    effect: said(404),
    says: ": GitHub answered 404: GitHub's words. Either the owner or the package has another name, or the token has no admin right on it: GitHub answers both alike.",
    asked: 1,
  },
  ...[500, 502, 503, 504].map((status) => ({
    name: String(status),
    effect: said(status),
    says: `: GitHub answered ${status}: GitHub's words; run again later.`,
    asked: 4,
  })),
  ...([403, 429] as const).flatMap((status): (typeof cases)[number][] => [
    {
      name: `the secondary limit, as ${status}`,
      effect: { kind: "rate-limit", limit: "secondary", status, retryAfterSeconds: 1, resetAfterSeconds: 60 },
      says: new RegExp(`: GitHub answered ${status}: You have exceeded a secondary rate limit\\. .*\\. ${limitHint}$`),
      asked: 6,
    },
    {
      name: `the primary limit, as ${status}`,
      effect: { kind: "rate-limit", limit: "primary", status, resetAfterSeconds: 1 },
      says: new RegExp(`: GitHub answered ${status}: API rate limit exceeded for user ID \\d+\\. ${limitHint}$`),
      asked: 6,
    },
  ]),
  {
    name: "no answer",
    effect: { kind: "drop", handled: false },
    says: /: GitHub could not be reached \(.+\); check `ghcr-retention:githubApiUrl` and the network\.$/,
    asked: 4,
  },
  {
    name: "a body that breaks off",
    effect: { kind: "truncate" },
    says: ": GitHub answered 3 times with a body that breaks off or is no JSON; run again later.",
    asked: 3,
  },
  {
    name: "a page of somebody's proxy",
    effect: { kind: "body", body: "<html>sign in</html>", headers: { "content-type": "text/html" } },
    says: ": GitHub answered 3 times with an HTML page; run again later.",
    asked: 3,
  },
  {
    name: "JSON of another form",
    effect: { kind: "body", body: "42", headers: {} },
    says: /: GitHub's answer about .+ is not understood: the answer: Invalid input: expected (array|object), received number$/,
    asked: 1,
  },
];

const places: { readonly name: string; readonly match: FaultMatch }[] = [
  { name: "the owner", match: { surface: "api", pattern: "/users/logto-io$" } },
  { name: "the package", match: { surface: "api", pattern: "/packages/container/logto$" } },
  { name: "a page of the list", match: { surface: "api", pattern: "state=active.*\\bpage=2(&|$)" } },
];

describe("an answer of GitHub that is none", () => {
  const sandbox = useSandbox();
  beforeEach(() => {
    sandbox().seed(Array.from({ length: 150 }, (_, place) => ({ package: repository, tags: place === 0 ? ["prod"] : [] })));
  });
  const look = () => lookAt(sandbox(), { manifestsToRead: () => [] });

  for (const place of places) {
    describe(`about ${place.name}`, () => {
      const asked = () => countRequests(sandbox(), new RegExp(place.match.pattern ?? ""));

      for (const one of cases) {
        it(`stops the look: ${one.name}`, async () => {
          strike(sandbox(), place.match, one.effect);
          const says = typeof one.says === "string" ? `${repository}${one.says}` : `${repository}${one.says.source}`;
          await assertStops(sandbox(), typeof one.says === "string" ? one.says : new RegExp(`^${says}`));
          // A gateway that gives up on a page is asked for two smaller sizes as well.
          const sizes = place.name === "a page of the list" && ["502", "504"].includes(one.name) ? 3 : 1;
          assert.equal(asked(), one.asked * sizes);
          assert.equal(countRequests(sandbox(), "/manifests/"), 0, "nothing is concluded, so nothing is read");
          sandbox().clearFaults();
          assertWhole(await look(), 150);
        });
      }

      for (const one of cases.filter((each) => each.asked > 1)) {
        it(`is asked for again, and forgotten when the next is good: ${one.name}`, async () => {
          strike(sandbox(), place.match, one.effect, one.asked - 1);
          assertWhole(await look(), 150);
          assert.equal(asked(), one.asked);
        });
      }
    });
  }

  for (const [name, body] of Object.entries({
    "tags are missing": { metadata: { package_type: "container" } },
    "a tag is none": { metadata: { container: { tags: ["not a tag"] } } },
    "the name is no digest": { name: "latest" },
    "a time is none": { created_at: "yesterday" },
    "an id is none": { id: "1" },
  })) {
    it(`stops the look: of a version ${name}, which never means 'untagged'`, async () => {
      const version = {
        id: 1,
        name: `sha256:${"ab".repeat(32)}`,
        created_at: "2023-01-01T00:00:00Z",
        updated_at: "2023-01-01T00:00:00Z",
        metadata: { container: { tags: [] } },
        ...body,
      };
      const match = { surface: "api" as const, pattern: "state=active" };
      strike(sandbox(), match, { kind: "body", body: JSON.stringify([version]), headers: {} });
      await assertStops(sandbox(), /: GitHub's answer about page 1 of the versions is not understood: 0\.[a-z.0-9_]+: /);
    });
  }

  it("stops the look: no `Date`, since ages are never taken from the local clock", async () => {
    strike(sandbox(), { surface: "api", pattern: "state=active" }, { kind: "body", headers: { date: "soon" } });
    await assertStops(sandbox(), ": GitHub's answer has no Date, and ages are never taken from the local clock.");
  });

  it("stops a look that has read half: a token that ends in the middle", async () => {
    sandbox().addFault({ match: { surface: "registry" }, after: 20, effect: { kind: "token-expiry" } });
    await assertStops(sandbox(), /: the registry refuses the token \(401\): /);
  });
});
