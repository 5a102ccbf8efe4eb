import assert from "node:assert/strict";
import { tokenKind } from "../../../components/diagnosis/token-kind";
import { lackText, tokenText } from "../../../components/messages/diagnosis";

describe("the kind of a token", () => {
  for (const [token, says] of [
    ["ghp_abc", "a classic token"],
    ["0123456789abcdef0123456789abcdef01234567", "a classic token"],
    ["ghs_1_a.b.c", "the token of a GitHub App, such as GITHUB_TOKEN of a workflow"],
    ["github_pat_abc", "a fine-grained token"],
    ["gho_abc", "the token of an OAuth app"],
    ["ghu_abc", "the token of a GitHub App for a user"],
    ["v1.abc", "a token of a kind that is not known"],
  ] as const) {
    it(`is told by its beginning: ${token.slice(0, 4)}`, () => {
      assert.equal(tokenText({ kind: tokenKind(token) }), says);
    });
  }

  it("decides where a scope is added", () => {
    const lack = { kind: "scopes", ability: "restore", subjects: ["acme/app"], missing: ["write:packages"] } as const;
    assert.match(lackText({ ...lack, token: "classic" }), /: add write:packages, in the settings of its account under tokens \(classic\)$/);
    assert.match(lackText({ ...lack, token: "oauth" }), /: `gh auth refresh --scopes write:packages`, /);
  });
});
