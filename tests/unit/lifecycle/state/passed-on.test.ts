import assert from "node:assert/strict";
import { changedProperties, unknownProperties } from "../../../../components/lifecycle/state/passed-on";
import type { ProgramInputs } from "../../../../components/lifecycle/state/stored";
import { dropPullRequests } from "../../../support/builders/policy";

const given = { owner: "acme", package: "app", rules: [dropPullRequests] };
const servers = { githubApiUrl: "https://api.github.com", registryUrl: "https://ghcr.io", deletionsPerMinute: 180 };
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("what the engine passes on", () => {
  it("may not be known yet, at any depth", () => {
    const news = { ...given, ...servers, protect: ["prod", unknown], limits: { percent: unknown } };
    assert.deepEqual(unknownProperties(news as unknown as ProgramInputs), ["protect", "limits"]);
    assert.deepEqual(unknownProperties({ ...given, ...servers, protect: ["prod"] }), []);
  });

  it("differs from what the program gave where a property was added, changed or taken away", () => {
    const before = { ...given, protect: ["prod"], grace: "7d" };
    assert.deepEqual(changedProperties(before, { ...before }), []);
    assert.deepEqual(changedProperties(before, { ...before, grace: undefined, limits: undefined }), ["grace"]);
    assert.deepEqual(changedProperties(before, { ...before, protect: ["prod", "pr-1"], approval: "automatic" }), ["approval", "protect"]);
  });
});
