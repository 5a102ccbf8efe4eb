import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyProbes } from "../../../live/policy/policy-probes";
import { probes } from "../../../live/probes/all";
import { withAssumptions, withResults } from "../../../live/rows/page";
import { notObservable, type Probe, saw } from "../../../live/rows/probe";
import { failedRow, isFine, rowOf } from "../../../live/rows/row";
import { renderTable } from "../../../live/rows/table";
import { readOptions } from "../../../live/session";

const livePage = readFileSync(join(__dirname, "..", "..", "..", "docs", "live.md"), "utf8");
const policy = new PolicyProbes({ env: {}, signal: new AbortController().signal });
const allProbes = [...probes, ...policy.probes];

/** The page without its results. */
function aroundResults(page: string): (string | undefined)[] {
  return [page.split("<!-- results:")[0], page.split("<!-- end of results")[1]];
}

type Described = Pick<Probe<never>, "name" | "assumption" | "switch">;
const referrers: Described = { name: "referrers are answered by", assumption: "redirect", switch: "referrers" };
const restore: Described = { name: "restoring is", assumption: "refused" };

describe("the results of a live run", () => {
  const rows = [
    rowOf(referrers, saw("redirect")),
    rowOf(referrers, saw("not-found", "404 page | not found")),
    rowOf(referrers, saw("200")),
    rowOf(restore, saw("restored")),
    rowOf(restore, notObservable("it takes 30 days")),
    failedRow(restore, new Error("ghp_0123456789abcdefghij\u001b[31m was refused")),
  ];

  it("compare each assumption with what was seen", () => {
    assert.deepEqual(
      rows.map(({ verdict }) => verdict),
      ["same", "different", "different", "different", "not observable", "failed"],
    );
    assert.deepEqual(rows.map(isFine), [true, false, false, false, true, false]);
  });

  it("name the setting of the sandbox that matches, or that none does", () => {
    const table = renderTable(rows);
    assert.match(
      table,
      /referrers are answered by: not-found, redirect assumed \(different\); the sandbox does so with `referrers: "not-found"`/,
    );
    assert.match(
      table,
      /referrers are answered by: 200, redirect assumed \(different\); no setting of the sandbox's switch `referrers` matches/,
    );
    assert.match(table, /restoring is: restored, refused assumed \(different\); the sandbox has no switch for it/);
  });

  it("show GHCR's words and why something was not seen, and no token or escape", () => {
    const table = renderTable(rows);
    assert.match(table, /\n {4}404 page \| not found\n/);
    assert.match(table, /\n {4}it takes 30 days\n/);
    assert.match(table, /\n {4}\(a token\)\?\[31m was refused\n/);
  });

  it("are counted, and point to what needs attention", () => {
    assert.match(renderTable(rows), /\n1 of 6 as assumed, 3 different, 1 failed, 1 not observable: see above$/);
    assert.match(renderTable(rows.slice(0, 1)), /\n1 of 1 as assumed, 0 different, 0 failed, 0 not observable$/);
  });

  it("are written into the page, which stays the same around them", () => {
    const occasion = {
      at: "2026-11-23T12:00:00.000Z",
      githubApiUrl: "https://api.github.com",
      registryUrl: "https://ghcr.io",
      token: "classic token",
    } as const;
    const written = withResults(livePage, occasion, rows);
    assert.match(
      written,
      /\nSeen on 2026-11-23 at https:\/\/api\.github\.com and https:\/\/ghcr\.io with a classic token: 1 of 6 as assumed/,
    );
    assert.ok(written.includes("| referrers are answered by | redirect | not-found | different; the sandbox does so with"), written);
    assert.ok(written.includes("404 page \\| not found |"), written);
    assert.deepEqual(aroundResults(written), aroundResults(livePage));
    assert.equal(withAssumptions(written, allProbes), written);
    assert.throws(() => withResults("# Another page", occasion, rows), /docs\/live\.md has no place for the results/);
  });
});

describe("docs/live.md", () => {
  it("lists what is assumed, as long as there was no live run", () => {
    assert.equal(livePage, withAssumptions(livePage, allProbes), "run `npm run generate`");
  });
});

describe("the options of a live run", () => {
  const written = { owner: "acme", write: false };

  it("mean GitHub's own servers by default", () => {
    assert.deepEqual(readOptions(written), { owner: "acme", githubApiUrl: "https://api.github.com", registryUrl: "https://ghcr.io" });
  });

  for (const [what, options, message] of [
    ["no owner", { write: false }, /^--owner is missing: expected the name of a GitHub user or organisation/],
    ["a package as owner", { ...written, owner: "acme/app" }, /^--owner acme\/app: expected the name/],
    ["one server of two", { ...written, api: "http://127.0.0.1:1" }, /^expected --api and --registry together/],
    [
      "a server without TLS",
      { ...written, api: "http://ghcr.test", registry: "https://ghcr.test" },
      /^--api http:\/\/ghcr\.test: expected an https:/,
    ],
    [
      "results of a sandbox for the page",
      { ...written, write: true, api: "http://127.0.0.1:1", registry: "http://127.0.0.1:1" },
      /^--write records what GitHub itself does/,
    ],
  ] as const) {
    it(`refuse ${what}`, () => {
      assert.throws(
        () => readOptions(options),
        ({ message: text }: Error) => message.test(text),
      );
    });
  }
});
