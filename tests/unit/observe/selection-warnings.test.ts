import assert from "node:assert/strict";
import { selectPackages } from "../../../components/config/selection";
import { readOrganization } from "../../../components/config/stack-organizations";
import { selectionWarnings } from "../../../components/observe/organization";
import { dropPullRequests } from "../../support/builders/policy";

const listed = [
  { name: "app", visibility: "private", repository: "acme/app" },
  { name: "legacy-shop", visibility: "private" },
];

function warningsOf(selection: object): string[] {
  const whole = readOrganization({ owner: "acme", rules: [dropPullRequests], ...selection });
  return selectionWarnings(whole, { names: selectPackages(listed, whole.organization), listed });
}

describe("the patterns of an organisation's policy", () => {
  it("are not warned of where each fits a package", () => {
    assert.deepEqual(warningsOf({ packages: ["*", "!legacy-*"], repositories: ["acme/*"] }), []);
  });

  it("are warned of where they fit none, those that exclude as well", () => {
    assert.deepEqual(warningsOf({ packages: ["app", "team/*", "!leagcy-*"], repositories: ["acme/*", "acme/web"] }), [
      'packages: "team/*" fits no package of acme: check its spelling',
      'packages: "!leagcy-*" fits no package of acme: check its spelling',
      'repositories: "acme/web" fits no package of acme: check its spelling',
    ]);
  });

  it("are warned of as a whole where they select nothing", () => {
    assert.deepEqual(warningsOf({ packages: ["*"], visibility: ["public"] }), [
      "the selection fits none of the 2 packages of acme that the token sees: it does nothing",
    ]);
  });

  it("are not judged without a list of packages", () => {
    const whole = readOrganization({ owner: "acme", rules: [dropPullRequests], packages: ["app"] });
    assert.deepEqual(selectionWarnings(whole, { names: ["app"] }), []);
  });
});
