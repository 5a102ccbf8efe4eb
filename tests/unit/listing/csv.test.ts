import assert from "node:assert/strict";
import { csvOf } from "../../../components/listing/csv";
import { listPackage } from "../../../components/listing/list-package";
import type { ListedPackage, ListedVersion } from "../../../components/listing/plan-list";
import { world } from "../../support/builders/reported";
import { findingOn } from "../../support/builders/reviewed";

const one = listPackage(findingOn(world));
const header =
  "package,version_id,digest,tags,verdict,plan,grace_until,deleted_at,restorable_until,reason,reason_as,reason_of,because,rules,role,kind," +
  "artifact_type,platform,age_seconds,created_at,updated_at,last_tagged_on,content_bytes,frees_bytes";

function lineOf(change: Partial<ListedVersion>): string {
  const version = { ...(one.versions[0] as ListedVersion), ...change };
  const [, line = ""] = csvOf([{ ...one, versions: [version] } as ListedPackage]).split("\r\n");
  return line;
}

describe("a plan as CSV", () => {
  it("has a line of names, and one for each version, each with an end of its own", () => {
    const lines = csvOf([one]).split("\r\n");
    assert.equal(lines[0], header);
    assert.equal(lines.length, 1 + world.length + 1);
    assert.equal(lines.at(-1), "");
    assert.equal(csvOf([]), `${header}\r\n`);
  });

  it("puts what holds a comma, a quote or a line break in quotes", () => {
    assert.match(lineOf({ because: "pr-1, 30 days old" }), /,"pr-1, 30 days old",/);
    assert.match(lineOf({ because: 'kept by "x"' }), /,"kept by ""x""",/);
    assert.match(lineOf({ kind: "two\nlines" }), /,"two\nlines",/);
  });

  for (const begin of ["=", "+", "-", "@", "\t", "\r", "＝"]) {
    it(`is no formula to a spreadsheet where a text begins with ${JSON.stringify(begin)}`, () => {
      const text = `${begin}HYPERLINK("https://example.com")`;
      assert.ok(lineOf({ kind: text }).includes(`,"'${begin}HYPERLINK(""https://example.com"")",`));
    });
  }

  it("leaves numbers, and what is not known, as they are", () => {
    assert.match(lineOf({ contentBytes: 12_345, freesBytes: null }), /,12345,$/);
  });
});
