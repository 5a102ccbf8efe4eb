import assert from "node:assert/strict";
import fc from "fast-check";
import { printable, withoutControls } from "../../../components/model/printable";
import { refusals } from "../../../sandbox/github/refusals";

describe("text from outside", () => {
  it("is whole where it is one of GitHub's refusals", () => {
    for (const refuse of [refusals.tooManyDownloads, refusals.lastTaggedVersion, refusals.lastVersion, refusals.tooManyPackageDownloads]) {
      const { message } = JSON.parse(String(refuse().body)) as { message: string };
      assert.equal(printable(message), message);
    }
  });

  it("keeps the letters of all scripts, with their marks, and symbols", () => {
    for (const text of ["ü", "e\u0301", "日本", "हिन्दी", "→ 3 × ½ €"]) assert.equal(printable(text), text);
  });

  it("loses what moves the cursor, turns text round, breaks lines or cannot be seen", () => {
    for (const text of [
      "\u001b",
      "\u0007",
      "\u009b",
      "\r",
      "\n",
      "\t",
      "\u202e",
      "\u2066",
      "\u200b",
      "\u2028",
      "\u0000",
      "\ud800",
      "\ufeff",
    ]) {
      assert.equal(printable(`a${text}b`), "a?b");
    }
  });

  it("has an end, and no half characters there", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
        const shown = printable(text);
        assert.ok(shown.length <= 200);
        assert.equal(withoutControls(shown), shown);
        assert.equal(printable(shown), shown);
      }),
    );
  });
});
