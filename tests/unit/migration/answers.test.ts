import assert from "node:assert/strict";
import { migrated } from "../../support/migration/migrated";
import { workflowOf } from "../../support/migration/workflow";

const d = "dataaxiom/ghcr-cleanup-action@v1";
const official = "actions/delete-package-versions@v5";
const expression = (source: string) => "$".concat(`{{ ${source} }}`);
const own = { owner: "acme", "delete-untagged": true };
const bad = { owner: "acme", "package-name": "WebShop", "package-type": "container", "delete-only-untagged-versions": true };

/** Two steps, each with an expression of its own, and one that names no package. */
const open = workflowOf(
  [d, { ...own, package: expression("vars.FRONT") }],
  [d, { ...own, package: `${expression("inputs.team")}/api` }],
  [d, own],
);
const one = (value: string) => workflowOf([d, { ...own, package: value }], [d, { ...own, package: "other" }]);

async function packages(text: string, ...args: readonly string[]) {
  const { code, stderr, rules } = await migrated({ "clean.yml": text }, args);
  return { code, stderr, names: Object.keys(rules) };
}

describe("the answers to what a workflow leaves open", () => {
  it("are different for different expressions", async () => {
    const args = ["--package", "vars.FRONT=web,shop", "--package", `${expression("inputs.team")}/api=team/api`, "--package", "rest"];
    const { code, stderr, names } = await packages(open, ...args);
    assert.deepEqual([code, names], [0, ["acme/web", "acme/shop", "acme/team/api", "acme/rest"]], stderr);
  });

  it("are not one for several questions: the command lists them", async () => {
    const { code, stderr, names } = await packages(open, "--package", "web");
    assert.deepEqual([code, names], [1, []]);
    assert.match(
      stderr,
      /line 9: .*: one --package cannot answer 3 questions: give --package 'vars\.FRONT=NAME' and --package '\$\{\{inputs\.team\}\}\/api=NAME' and --package NAME for what names no package$/m,
    );
  });

  it("leave the other steps of the file translated", async () => {
    const { code, stderr, names } = await packages(open, "--package", "vars.FRONT=web");
    assert.deepEqual([code, names], [1, ["acme/web"]]);
    assert.match(stderr, /line 14: .*: which package `\$\{\{ inputs\.team \}\}\/api` is, only a run knows: name it with --package/);
    assert.match(
      stderr,
      /line 19: .*: the workflow does not say which package it is, so it is the one of its repository: name it with --package$/m,
    );
  });

  it("replace a name that no package can have", async () => {
    const text = workflowOf([official, bad], [d, { ...own, package: "other" }]);
    const unanswered = await packages(text);
    assert.deepEqual([unanswered.code, unanswered.names], [1, ["acme/other"]]);
    assert.match(
      unanswered.stderr,
      /line 9: .*: expected the name of a package, in lower case, not "WebShop": name it with --package, or with --package 'WebShop=NAME'/,
    );
    for (const answer of ["webshop", "WebShop=webshop"]) {
      const { code, names } = await packages(text, "--package", answer);
      assert.deepEqual([code, names], [0, ["acme/webshop", "acme/other"]]);
    }
  });

  it("replace only what needs one among several names", async () => {
    assert.deepEqual((await packages(one("web,Shop"), "--package", "shop")).names, ["acme/web", "acme/shop", "acme/other"]);
  });

  it("replace an owner that cannot be one", async () => {
    const text = workflowOf([d, { ...own, owner: "Acme Inc.", package: "web" }]);
    const { code, stderr } = await packages(text);
    assert.equal(code, 1);
    assert.match(stderr, /expected the name of a GitHub user or organisation, not "Acme Inc\.": name it with --owner$/m);
    assert.deepEqual((await packages(text, "--owner", "acme")).names, ["acme/web"]);
  });

  for (const [what, args, error] of [
    [
      "no step asks",
      ["--package", "vars.BACK=api"],
      /--package vars\.BACK=…: no step names its package so; they name \$\{\{ vars\.FRONT \}\}$/m,
    ],
    [
      "has no name",
      ["--package", "vars.FRONT="],
      /--package vars\.FRONT=: expected a name such as `web`, or an answer such as `inputs\.image=web`$/m,
    ],
    ["is no name either", ["--package", "vars.FRONT=Web Shop"], /expected the name of a package, in lower case, not "Web Shop"/],
  ] as const) {
    it(`are refused when one ${what}`, async () => {
      const { code, stderr } = await packages(one(expression("vars.FRONT")), ...args);
      assert.equal(code, 1);
      assert.match(stderr, error);
    });
  }
});

describe("`ghcr-retention migrate` of a whole repository", () => {
  const caller = "on: push\njobs: { clean: { uses: ./.github/workflows/prune.yml, with: { image: web } } }\n";
  const prune = `on: { workflow_call: { inputs: { image: { type: string } } } }\njobs: { prune: { steps: [ { uses: "${d}", with: { owner: acme, package: "${expression("inputs.image")}" } } ] } }\n`;
  const files = {
    "caller.yml": caller,
    "prune.yml": prune,
    "clean.yaml": one("web"),
    "build.yml": "on: push\njobs: {}\n",
    "notes.txt": "uses: x",
  };

  for (const folder of [".", ".github/workflows"]) {
    it(`reads every workflow of ${folder}, and what one calls for its caller alone`, async () => {
      const { code, stderr, rules, stdout } = await migrated(files, [], [folder]);
      assert.deepEqual([code, Object.keys(rules)], [0, ["acme/web", "acme/other"]], stderr);
      assert.match(stdout, /# From \.github\/workflows\/prune\.yml, \.github\/workflows\/clean\.yaml\.$/m);
      assert.match(stdout, /# dataaxiom\/ghcr-cleanup-action@v1, \.github\/workflows\/clean\.yaml, line 9\.$/m);
    });
  }

  it("goes on where one file is no YAML, and ends with 1", async () => {
    const { code, stderr, rules } = await migrated({ ...files, "broken.yml": "jobs: [" }, [], [".github/workflows"]);
    assert.deepEqual([code, Object.keys(rules)], [1, ["acme/web", "acme/other"]]);
    assert.match(stderr, /^\.github\/workflows\/broken\.yml cannot be read as YAML: /m);
  });

  it("says so where a folder has none", async () => {
    const { code, stderr } = await migrated({ "docs/x.md": "" }, [], ["docs"]);
    assert.equal(code, 1);
    assert.match(stderr, /docs has no workflows: expected files that end in \.yml or \.yaml$/m);
  });

  it("prints all as JSON, and writes nothing", async () => {
    const script = "on: push\njobs: { x: { steps: [ { run: gh api -X DELETE /orgs/acme/packages/container/app/versions/1 } ] } }\n";
    const open = workflowOf(
      [d, { ...own, package: "app", "keep-latest": 3 }],
      [official, bad],
      [official, { ...bad, "package-type": "npm" }],
    );
    const { code, stdout, stderr } = await migrated({ "clean.yml": open, "script.yml": script }, ["--json"], [".github/workflows"]);
    const report = JSON.parse(stdout);
    const [policy, ...more] = report.policies;
    assert.deepEqual([code, stderr, more], [1, "", []]);
    assert.deepEqual([policy.owner, policy.package], ["acme", "app"]);
    assert.deepEqual(policy.rules, [{ name: "keep-newest", action: "keep", tags: ["*"], untagged: true, mostRecent: 3 }]);
    const [{ open: inputs, suggested }] = policy.from;
    assert.deepEqual([inputs[0].input, inputs[0].reason], ["keep-latest", "no-such-input"]);
    assert.deepEqual(suggested, [{ rule: { name: "drop-untagged", action: "delete", untagged: true }, missing: [] }]);
    assert.deepEqual(report.unanswered[0].problem, "unusable-package");
    assert.deepEqual(report.harmless[0].because, "`package-type: npm` is no container package");
    assert.deepEqual(report.unread, [
      { path: ".github/workflows/script.yml", line: 2, kind: "script", what: "a script that deletes package versions", deletes: "surely" },
    ]);
  });
});
