import assert from "node:assert/strict";
import { migrated } from "../../support/migration/migrated";

const expression = (source: string) => "$".concat(`{{ ${source} }}`);

/** A workflow with one job, whose text is given. */
function job(text: string, head = "on: workflow_dispatch"): string {
  return `${head}\njobs:\n  clean:\n    runs-on: ubuntu-latest\n${text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n")}\n`;
}

function step(options: string, more = ""): string {
  return `steps:\n  - uses: dataaxiom/ghcr-cleanup-action@v1\n    with: { owner: acme, ${options} }\n${more}`;
}

/** The packages with the tags that their rules delete. */
async function deleted(files: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const { rules, stderr } = await migrated(files, args);
  assert.doesNotMatch(stderr, /stays open/);
  return Object.fromEntries(
    Object.entries(rules).map(([name, all]) => [
      name,
      all.filter(({ action }) => action === "delete").flatMap(({ tags }) => tags ?? "untagged"),
    ]),
  );
}

const asExpected = (source: string, value: string) =>
  new RegExp(`\`package: \\$\\{\\{ ${source.replace(/[.[\]]/g, "\\$&")} \\}\\}\` \\(line \\d+\\) is \`${value}\``);

describe("the values that a workflow gives", () => {
  describe("in variables", () => {
    for (const [where, text] of [
      ["the workflow", job(step(`package: "${expression("env.IMAGE")}", delete-tags: pr-*`), "on: push\nenv: { IMAGE: web }")],
      ["the job", job(`env: { IMAGE: web }\n${step(`package: "${expression("env.IMAGE")}", delete-tags: pr-*`)}`)],
      ["the step", job(step(`package: "${expression("env.IMAGE")}", delete-tags: pr-*`, "    env: { IMAGE: web }"))],
      [
        "the nearest place",
        job(`env: { IMAGE: web }\n${step(`package: "${expression("env.IMAGE")}", delete-tags: pr-*`)}`, "on: push\nenv: { IMAGE: other }"),
      ],
    ] as const) {
      it(`of ${where} are read, and said`, async () => {
        assert.deepEqual(await deleted({ "clean.yml": text }), { "acme/web": ["pr-*"] });
        assert.match((await migrated({ "clean.yml": text })).stdout.replace(/\n *# +/g, " "), asExpected("env.IMAGE", "web"));
      });
    }

    it("are unknown where a script may set them", async () => {
      const script = 'steps:\n  - run: echo "IMAGE=$(./name)" >> "$GITHUB_ENV"\n';
      const text = job(`env: { IMAGE: web }\n${step(`package: "${expression("env.IMAGE")}"`).replace("steps:\n", script)}`);
      const { code, stderr } = await migrated({ "clean.yml": text });
      assert.equal(code, 1);
      assert.match(stderr, /which package `\$\{\{ env\.IMAGE \}\}` is, only a run knows: name it with --package/);
    });

    for (const input of ["token", "pat"]) {
      it(`print no ${input}`, async () => {
        const text = job(`env: { TOKEN: hush-hush }\n${step(`package: web, ${input}: "${expression("env.TOKEN")}"`)}`);
        const { stdout, stderr } = await migrated({ "clean.yml": text });
        assert.ok(stdout.includes("package: web") && !`${stdout}${stderr}`.includes("hush"));
      });
    }
  });

  describe("in a matrix", () => {
    const uses = step(`package: "${expression("matrix.image")}", delete-tags: "${expression("matrix.tags")}"`);

    it("give each package the rules of its own run", async () => {
      const matrix = "strategy: { matrix: { image: [web, api], tags: ['pr-*'] } }";
      assert.deepEqual(await deleted({ "clean.yml": job(`${matrix}\n${uses}`) }), { "acme/web": ["pr-*"], "acme/api": ["pr-*"] });
    });

    it("leave out what `exclude` names, and take what `include` adds", async () => {
      const matrix = [
        "strategy:",
        "  matrix:",
        "    image: [web, api]",
        "    tags: ['pr-*', 'dev-*']",
        "    exclude: [ { image: api, tags: 'dev-*' } ]",
        "    include: [ { image: db, tags: 'tmp-*' } ]",
      ].join("\n");
      assert.deepEqual(await deleted({ "clean.yml": job(`${matrix}\n${uses}`) }), {
        "acme/web": ["pr-*", "dev-*"],
        "acme/api": ["pr-*"],
        "acme/db": ["tmp-*"],
      });
    });

    it("are extended by `include` where it contradicts nothing", async () => {
      const matrix = "strategy: { matrix: { image: [web, api], include: [ { tags: 'pr-*' }, { image: api, tags: 'dev-*' } ] } }";
      assert.deepEqual(await deleted({ "clean.yml": job(`${matrix}\n${uses}`) }), { "acme/web": ["pr-*"], "acme/api": ["dev-*"] });
    });

    it("are not expanded where aliases multiply them", async () => {
      const names = "abcdefghijklmnop".split("");
      const bomb = names.map((name, at) => `  ${name}: &${name} [${at === 0 ? "x" : `*${names[at - 1]}, `.repeat(9)}]`);
      const text = `on: push\nenv:\n${bomb.join("\n")}\njobs: { clean: { strategy: { matrix: { image: *p } }, steps: [ { uses: dataaxiom/ghcr-cleanup-action@v1, with: { owner: acme, package: "${expression("matrix.image")}" } } ] } }\n`;
      assert.match((await migrated({ "clean.yml": text })).stderr, /which package `\$\{\{ matrix\.image \}\}` is, only a run knows/);
    });

    it("may be maps, and JSON", async () => {
      const matrix = `strategy: { matrix: { it: "${expression('fromJSON(\'[{"name":"web","old":"pr-*"}]\')').replaceAll('"', '\\"')}" } }`;
      const text = job(
        `${matrix}\n${step(`package: "${expression("matrix.it.name")}", delete-tags: "${expression("matrix.it['old']")}"`)}`,
      );
      assert.deepEqual(await deleted({ "clean.yml": text }), { "acme/web": ["pr-*"] });
    });

    it("leave the same open once for all runs", async () => {
      const matrix = "strategy: { matrix: { image: [web, api] } }";
      const text = job(`${matrix}\n${step(`package: "${expression("matrix.image")}", keep-latest: 3`)}`);
      const { stderr, rules } = await migrated({ "clean.yml": text });
      assert.equal(stderr.match(/stays open/g)?.length, 1, stderr);
      assert.deepEqual(Object.keys(rules), ["acme/web", "acme/api"]);
    });

    for (const [what, matrix] of [
      ["the whole", expression("fromJSON(needs.list.outputs.matrix)")],
      ["one axis", `{ image: "${expression("fromJSON(needs.list.outputs.images)")}", tags: ['pr-*'] }`],
      ["what it leaves out", `{ image: [web, api], tags: ['pr-*'], exclude: "${expression("fromJSON(vars.NOT)")}" }`],
    ] as const) {
      it(`are unknown where a run computes ${what}`, async () => {
        const { code, stderr, rules } = await migrated({ "clean.yml": job(`strategy:\n  matrix: ${matrix}\n${uses}`) });
        assert.deepEqual([code, rules], [1, {}]);
        assert.match(stderr, /which package `\$\{\{ matrix\.image \}\}` is, only a run knows/);
      });
    }
  });

  describe("in inputs", () => {
    const uses = step(`package: web, keep-n-tagged: "${expression("inputs.keep")}"`);
    const inputs = (text: string) => `on:\n  workflow_call:\n    inputs: { keep: ${text} }`;

    it("are the defaults", async () => {
      const { rules } = await migrated({ "clean.yml": job(uses, inputs("{ type: number, default: 4 }")) });
      assert.deepEqual(rules["acme/web"]?.[0]?.mostRecent, { count: 4, by: "updated" });
    });

    for (const [what, head] of [
      ["there is no default", inputs("{ type: number, required: true }")],
      ["a scheduled run has none", "on:\n  schedule: [{ cron: '0 3 * * 0' }]\n  workflow_dispatch:\n    inputs: { keep: { default: 4 } }"],
    ] as const) {
      it(`are unknown where ${what}`, async () => {
        const { stderr, stdout } = await migrated({ "clean.yml": job(uses, head) });
        assert.match(stderr, /`keep-n-tagged: \$\{\{ inputs\.keep \}\}`: its value is known only during a run/);
        assert.match(stdout, /mostRecent: <keep-n-tagged>/);
      });
    }

    it("are known where every way to start gives the same", async () => {
      const head = "on:\n  schedule: [{ cron: '0 3 * * 0' }]\n  workflow_dispatch:\n    inputs: { keep: { default: '4' } }";
      const text = job(step(`package: web, keep-n-tagged: "${expression("github.event.inputs.keep || 4")}"`), head);
      const { rules } = await migrated({ "clean.yml": text });
      assert.deepEqual(rules["acme/web"]?.[0]?.mostRecent, { count: 4, by: "updated" });
    });
  });

  it("may stand behind anchors", async () => {
    const text = job(
      [
        "steps:",
        "  - &clean",
        "    uses: dataaxiom/ghcr-cleanup-action@v1",
        "    with: &with { owner: acme, package: web, delete-tags: &tags pr-* }",
        "  - uses: dataaxiom/ghcr-cleanup-action@v1",
        "    with: { owner: acme, package: api, delete-tags: *tags }",
        "  - uses: dataaxiom/ghcr-cleanup-action@v1.2.1",
        "    with: *with",
      ].join("\n"),
    );
    assert.deepEqual(await deleted({ "clean.yml": text }), { "acme/web": ["pr-*"], "acme/api": ["pr-*"] });
  });

  describe("in what it calls of the same repository", () => {
    const prune = job(
      step(`package: "${expression("inputs.image")}", delete-tags: "${expression("inputs.tags")}"`),
      ["on:", "  workflow_call:", "    inputs: { image: { type: string }, tags: { type: string, default: 'pr-*' } }"].join("\n"),
    );
    const caller = [
      "on: workflow_dispatch",
      "jobs:",
      "  web: { uses: ./.github/workflows/prune.yml, with: { image: web } }",
      `  api: { uses: ./.github/workflows/prune.yml, with: { image: "${expression("matrix.image")}", tags: dev-* }, strategy: { matrix: { image: [api, db] } } }`,
    ].join("\n");

    it("are what the caller gives, and the defaults", async () => {
      assert.deepEqual(await deleted({ "caller.yml": caller, "prune.yml": prune }), {
        "acme/web": ["pr-*"],
        "acme/api": ["dev-*"],
        "acme/db": ["dev-*"],
      });
    });

    it("are read in composite actions", async () => {
      const action = [
        "inputs: { image: { required: true }, tags: { default: 'pr-*' } }",
        "runs:",
        "  using: composite",
        "  steps:",
        `    - uses: dataaxiom/ghcr-cleanup-action@v1`,
        `      with: { owner: acme, package: "${expression("inputs.image")}", delete-tags: "${expression("inputs.tags")}" }`,
      ].join("\n");
      const text = job("steps: [ { uses: ./.github/actions/prune, with: { image: web } } ]");
      const { rules, stderr } = await migrated({ "clean.yml": text, ".github/actions/prune/action.yml": action });
      assert.deepEqual(Object.keys(rules), ["acme/web"]);
      assert.doesNotMatch(stderr, /action that was not read/);
    });

    it("end where a workflow calls itself, and outside the repository", async () => {
      const circle = `${prune}  again: { uses: ./.github/workflows/prune.yml, with: { image: "${expression("inputs.image")}" } }\n  out: { uses: ./../../../etc/x.yml }\n`;
      const { rules } = await migrated({ "caller.yml": caller, "prune.yml": circle });
      assert.deepEqual(Object.keys(rules).sort(), ["acme/api", "acme/db", "acme/web"]);
    });

    it("are not read from a file that is no YAML, which is named as not read", async () => {
      const { stderr, rules } = await migrated({ "caller.yml": caller, "prune.yml": `${prune}  bad: [` });
      assert.deepEqual(rules, {});
      assert.match(stderr, /line 3: \.\/\.github\/workflows\/prune\.yml: is another workflow that was not read; if it deletes/);
    });

    it("are bounded where matrices multiply the calls", async () => {
      const many = Array.from({ length: 100 }, (_, index) => index);
      const longer = `${expression("inputs.n")}-${expression("matrix.n")}`;
      const head = 'on: { workflow_dispatch: { inputs: { n: { default: "0" } } }, workflow_call: { inputs: { n: { default: "0" } } } }';
      const circle = `${head}\njobs: { again: { uses: ./.github/workflows/a.yml, with: { n: "${longer}" }, strategy: { matrix: { n: [${many.join(", ")}] } } } }\n`;
      const { code, stderr } = await migrated({ "a.yml": circle });
      assert.equal(code, 1);
      assert.match(stderr, /it calls other files in more than 1000 ways, by its matrices$/m);
    });
  });
});
