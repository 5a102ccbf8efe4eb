import assert from "node:assert/strict";
import { nearPattern } from "../../../components/rules/near-pattern";

const tags = ["v1.0", "v1.2.3", "pr-1", "pr-12", "main-abc", "prod", "latest", "1.0-alpine", "build-release"];

describe("what a misspelt pattern means", () => {
  for (const [written, meant] of [
    ["vv1*", "v1*"],
    ["vv*", "v*"],
    ["V1*", "v1*"],
    ["vv[0-9].*", "v[0-9].*"],
    ["prd", "prod"],
    ["prdo", "prod"],
    ["Latest", "latest"],
    ["mian-*", "main-*"],
    ["main_*", "main-*"],
    ["*-apline", "*-alpine"],
    ["*-relase", "*-release"],
  ] as const) {
    it(`is ${meant} for ${written}`, () => assert.equal(nearPattern(written, tags), meant));
  }

  for (const written of ["v2*", "v1.0.1", "1.1-alpine", "mr-*", "rc-*", "p*", "v", "dev", "stable", "*", "?*", "/^vv/"]) {
    it(`is not known for ${written}`, () => assert.equal(nearPattern(written, tags), undefined));
  }

  it("is nothing without tags", () => assert.equal(nearPattern("prod", []), undefined));
});
