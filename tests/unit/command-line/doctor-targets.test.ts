import assert from "node:assert/strict";
import { targetsOf } from "../../../components/command-line/doctor-targets";

describe("what `ghcr-retention doctor` looks at", () => {
  const { PULUMI_STACK } = process.env;
  before(() => {
    process.env.PULUMI_STACK = "not-there";
  });
  after(() => {
    if (PULUMI_STACK === undefined) delete process.env.PULUMI_STACK;
    else process.env.PULUMI_STACK = PULUMI_STACK;
  });

  it("is a package that is named in full, or an owner, without a stack: then on GitHub", () => {
    const { endpoints, owners } = targetsOf({ package: "acme/team/web" });
    assert.deepEqual([endpoints.githubApiUrl, endpoints.registryUrl], ["https://api.github.com", "https://ghcr.io"]);
    assert.deepEqual(
      owners.map(({ owner, packages }) => [owner, packages.map(({ name }) => name)]),
      [["acme", ["team/web"]]],
    );
    assert.deepEqual(
      targetsOf({ owner: "acme" }).owners.map(({ owner, select }) => [owner, select !== undefined]),
      [["acme", true]],
    );
  });

  for (const [what, asked] of [
    ["nothing is named", {}],
    ["a package is named without its owner", { package: "app" }],
    ["a stack is named", { package: "acme/app", stack: "not-there" }],
    ["a config file is named", { owner: "acme", configFile: "Pulumi.not-there.yaml" }],
  ] as const) {
    it(`is the stack's config where ${what}, and an error without it`, () => {
      assert.throws(() => targetsOf(asked), /^Error: Pulumi\.not-there\.yaml cannot be read: name the stack with --stack/);
    });
  }
});
