import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, errorsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { compiledPolicies, type Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, usualRules } from "../support/engine/world";

const [shop, api] = ["acme/shop", "acme/api"] as const;
const build = (number: number, days: number) => ({ days, tags: [`pr-${number}`], attestations: false });
const deployments = { pr1: build(1, 110), pr2: build(2, 90), prod: { days: 50, tags: ["prod"], attestations: false } };
const refused = "<details><summary>refused by GitHub, left out since</summary>";
const pack = ["--policy-pack", compiledPolicies];

/** What the steps of `examples/github-actions` run, day after day, with the engine itself. */
describe("five ordinary days under the engine", function () {
  this.timeout(300_000);

  const engine = useEngine({
    packages: { [shop]: deployments, [api]: deployments },
    stack: { policies: [policyFor(shop, { grace: "1d" }), policyFor(api)] },
  });
  /** The plan that the comment's line approves, by package. */
  const lines = new Map<string, string>();

  /** As `preview.yml`: the preview, and the comment that it becomes. */
  async function preview(ends = assertSucceeds): Promise<string> {
    const { stdout } = ends(await engine.stack.preview("--json", "--show-sames", ...pack));
    const saved = join(engine.stack.folder, "preview.json");
    await writeFile(saved, stdout);
    const { stdout: comment } = await engine.stack.command("review", "--markdown", "--preview", saved);
    for (const [, place = "", id = ""] of comment.matchAll(/^pulumi config set --path 'ghcr-retention:policies\[(\d)\]\.approve' (\S+)$/gm))
      lines.set(place === "0" ? shop : api, id);
    return comment;
  }

  /** As `apply.yml`. */
  const apply = () => engine.stack.up(...pack);

  /** A day begins: people have pushed, and the night has gone by. */
  async function begin(day: number): Promise<Outcome> {
    engine.sandbox.setClock(new Date(Date.UTC(2026, 10, 22 + day, 12)));
    await push(`night${day}`, `pr-30${day}`);
    return assertSucceeds(await apply());
  }

  async function push(name: string, ...tags: readonly string[]): Promise<void> {
    for (const world of engine.worlds.values()) await world.deploy({ [name]: { days: 0, tags: [...tags, "main"], attestations: false } });
  }

  /** The line of the comment, as somebody commits it. */
  async function approve(repository: string): Promise<void> {
    const place = repository === shop ? 0 : 1;
    const id = lines.get(repository) ?? assert.fail(repository);
    assertSucceeds(await engine.stack.config("set", "--path", `ghcr-retention:policies[${place}].approve`, id));
    // So that the test writes it again where it changes the config itself.
    engine.stack.policies[place] = { ...(engine.stack.policies[place] as object), approve: id };
  }

  it("the first: a plan waits, and what has a grace is recorded", async () => {
    const night = await begin(1);
    assertSays(diagnosticsOf(night, api), /^plan 2026-11-23-[0-9a-f]{12} waits for approval \(6 versions\)$/m);
    assert.equal(diagnosticsOf(night, shop), "6 versions recorded, deletable from 2026-11-24");
    const comment = await preview();
    assertSays(comment, "2 packages, 1 with a plan that waits for approval", rowOf(api, "waits for approval | – | 6 versions"));
    assertSays(comment, rowOf(shop, "in grace | – | 6 in grace"));
    assert.deepEqual([...lines.keys()], [api]);
  });

  it("the second: what was approved goes, though people push on, but for what GitHub refuses; a grace is over", async () => {
    await approve(api);
    await push("meanwhile", "pr-999");
    engine.sandbox.setPackage({ package: api, visibility: "public", versions: [{ version: "pr-2", downloads: 5001 }] });
    const night = await begin(2);
    assertSays(
      diagnosticsOf(night, api),
      `deleted 3 versions; 3 approved versions stay; all 15 manifests of 5 retained images verified; undo: `,
    );
    assertSays(night.output, `warning: ${api}: not deleted, 1 version, with 2 more that it needs: `);
    assertSays(diagnosticsOf(night, shop), /^plan 2026-11-24-[0-9a-f]{12} waits for approval \(6 versions\)$/m);
    assert.deepEqual(engine.worldOf(api).deleted(), engine.worldOf(api).digests("pr1"));
    assert.deepEqual(engine.worldOf(shop).deleted(), []);
    assertSays(await preview(), rowOf(shop, "waits for approval | – | 6 versions"), rowOf(api, "nothing to delete"), refused);
  });

  it("the third: an approval whose rules have changed since fails check and update, until its line is replaced", async () => {
    const stale = lines.get(shop);
    const [keep, ...drop] = usualRules;
    await engine.stack.change({ rules: [keep, { name: "keep-demo", action: "keep", tags: ["pr-2"] }, ...drop] });
    await begin(3);
    await approve(shop);
    const why = `approval ${stale} is void: the rules changed since: keep-demo was added; nothing is deleted under it`;
    assertSays(await preview(assertFails), `> [!CAUTION]\n> ${shop}: ${why}`, rowOf(shop, "waits for approval | – | 3 versions"));
    const up = assertFails(await apply());
    assert.equal(errorsOf(up, shop), `${shop}: ${why}`);
    assert.deepEqual(engine.worldOf(shop).deleted(), []);

    assert.notEqual(lines.get(shop), stale);
    await approve(shop);
    assertSays(await preview(), "2 packages, 1 with an approved plan", rowOf(shop, "approved | 3 versions"));
    assertSays(
      diagnosticsOf(assertSucceeds(await apply()), shop),
      "deleted 3 versions; all 18 manifests of 6 retained images verified; undo: ",
    );
    assert.deepEqual(engine.worldOf(shop).deleted(), engine.worldOf(shop).digests("pr1"));
  });

  it("the fourth: what was deleted comes back, and what GitHub refused is still known as refused", async () => {
    assertSucceeds(await engine.stack.config("set", "--path", "ghcr-retention:policies[1].restore[0]", "pr-1"));
    const comment = await preview();
    assertSays(comment, "restore 3 versions, nothing to delete: keep all 18 versions", refused);
    assert.doesNotMatch(comment, /Not reviewed|is approved/);
    assertSays(diagnosticsOf(await begin(4), api), "3 approved versions stay; restored 3 versions, and pulled");
    assert.deepEqual(engine.worldOf(api).deleted(), []);
  });

  it("the fifth: there is nothing to do, whatever is pushed", async () => {
    assertSays((await begin(5)).output, /^ {4}3 unchanged$/m);
    assertSays(await preview(), "## Retention of `test`: 2 packages, nothing to delete");
    for (const world of engine.worlds.values()) await assertComplete(world, ...world.tags());
  });
});

/** The beginning of a package's row in the comment's first table. */
function rowOf(repository: string, begins: string): string {
  return `| \`${repository}\` | ${begins} `;
}
