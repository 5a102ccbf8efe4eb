import assert from "node:assert/strict";
import { hidingSecrets } from "../../../components/messages/secrets";

const digest = `sha256:${"4f".repeat(32)}`;

describe("a text without its secrets", () => {
  const cases: Readonly<Record<string, readonly [secrets: string[], text: string, hidden: string]>> = {
    "a tag": [["pr-7"], "part of pr-7, nothing needs it", "part of a secret, nothing needs it"],
    "a tag among others": [["pr-7"], "prod, pr-7", "prod, a secret"],
    "a tag at the end of a sentence": [["pr-7"], "named pr-7.", "named a secret."],
    "a tag in quotes": [["1.10"], "not the number `1.10`", "not the number `a secret`"],
    "no part of another tag": [["pr-7"], "pr-7.1, pr-77, my-pr-7, pr-7-arm", "pr-7.1, pr-77, my-pr-7, pr-7-arm"],
    "a digest in full": [[digest], `acme/app@${digest}: gone`, "acme/app@a secret: gone"],
    "a digest that is shortened": [[digest], `${digest.slice(0, 19)}: kept, ${digest.slice(0, 23)}...`, "a secret: kept, a secret"],
    "a reference, and not only its tag": [["prod", "ghcr.io/acme/app:prod"], "ghcr.io/acme/app:prod (web)", "a secret (web)"],
    "a text that is a pattern elsewhere": [["a.b*(c"], "the text a.b*(c here, axb*(c there", "the text a secret here, axb*(c there"],
    "nothing where there is none": [[], "pr-7", "pr-7"],
    "nothing for an empty one": [[""], "pr-7", "pr-7"],
  };
  for (const [what, [secrets, text, hidden]] of Object.entries(cases)) {
    it(`hides ${what}`, () => assert.equal(hidingSecrets(secrets)(text), hidden));
  }
});
