import assert from "node:assert/strict";
import { namesWithoutList, selectPackages } from "../../../components/config/selection";

const listed = [
  { name: "app", visibility: "private", repository: "acme/app" },
  { name: "team/web", visibility: "public", repository: "acme/web" },
  { name: "legacy-shop", visibility: "private" },
];

describe("the packages of an organisation", () => {
  it("are selected by patterns, sorted", () => {
    assert.deepEqual(selectPackages(listed, { packages: ["*"] }), ["app", "legacy-shop", "team/web"]);
    assert.deepEqual(selectPackages(listed, { packages: ["*", "!legacy-*"] }), ["app", "team/web"]);
    assert.deepEqual(selectPackages(listed, { packages: ["/^team\\//"] }), ["team/web"]);
  });

  it("are selected by visibility and repository, and what GitHub does not say selects nothing", () => {
    assert.deepEqual(selectPackages(listed, { packages: ["*"], visibility: ["public"] }), ["team/web"]);
    assert.deepEqual(selectPackages(listed, { packages: ["*"], repositories: ["acme/*"] }), ["app", "team/web"]);
    assert.deepEqual(selectPackages(listed, { packages: ["*"], repositories: ["*", "!acme/web"] }), ["app"]);
  });

  it("need a list, unless each is named in full and nothing else is asked for", () => {
    assert.deepEqual(namesWithoutList({ packages: ["team/web", "app", "app"] }), ["team/web", "app"]);
    assert.equal(namesWithoutList({ packages: ["app", "!app"] }), undefined);
    assert.equal(namesWithoutList({ packages: ["team/*"] }), undefined);
    assert.equal(namesWithoutList({ packages: ["app"], visibility: ["public"] }), undefined);
  });
});
