import assert from "node:assert/strict";
import { fallbackTagOf, type SeedVersion } from "../../sandbox";
import { callApi } from "../support/emulator/calls";
import { killAll, treeOf } from "../support/engine/descendants";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, errorsOf, planIdIn } from "../support/engine/output";
import { useEngine } from "../support/engine/use-engine";

/** Images by name, each signed in a package of its own; some were deleted too long ago to be restored. */
const living = ["prod", "main"];
const lost = ["pr-1", "pr-2", "pr-3", "pr-4"];

describe("a package that holds the signatures of another one's images", function () {
  this.timeout(300_000);

  const engine = useEngine({ each: true });
  let digests: Readonly<Record<string, string>>;

  const dropLost = (...subjectsIn: string[]) => ({ name: "drop-lost", action: "delete", dangling: true, subjectsIn });
  const policyWith = (...subjectsIn: string[]) => ({
    owner: "acme",
    package: "signatures",
    rules: [dropLost(...subjectsIn)],
    limits: { percent: 100 },
  });
  const imageOf = (name: string): SeedVersion => ({
    package: "acme/app",
    tags: [name],
    createdAt: "2026-08-01T12:00:00Z",
    manifest: { ...manifest, annotations: { name } },
  });
  const signatureOf = (name: string) => `${fallbackTagOf(digests[name] ?? "")}.sig`;
  const signed = () => (engine.sandbox.package("acme/signatures")?.versions ?? []).flatMap(({ tags }) => tags).sort();
  const signaturesOf = (...names: string[]) => names.map(signatureOf).sort();

  beforeEach(async () => {
    const { sandbox } = engine;
    const names = [...living, ...lost];
    const seeded = sandbox.seed(names.map(imageOf));
    digests = Object.fromEntries(names.map((name, place) => [name, seeded[place]?.digest ?? ""]));
    sandbox.seed(names.map((name) => ({ package: "acme/signatures", tags: [signatureOf(name)], createdAt: "2026-08-02T12:00:00Z" })));
    sandbox.setClock("2026-09-01T12:00:00Z");
    for (const name of lost) {
      const id = seeded[names.indexOf(name)]?.id;
      assert.equal((await callApi(sandbox, `/orgs/acme/packages/container/app/versions/${id}`, { method: "DELETE" })).status, 204);
    }
    sandbox.setClock("2026-11-23T12:00:00Z");
    engine.stack.policies = [policyWith("app")];
    await engine.stack.writeConfig();
  });

  it("loses those whose image is gone, once that is approved, and nothing at the next run or refresh", async () => {
    const preview = assertSucceeds(await engine.stack.preview());
    const said = diagnosticsOf(preview, "acme/signatures");
    assertSays(said, "delete 4 of 6 versions", "dangling: the subjects of 2 referrers are in acme/app; they stay");
    const explained = assertSucceeds(await engine.stack.command("explain", "signatures", signatureOf("prod")));
    assertSays(explained.output, "stays: its subject is in acme/app");
    const review = assertSucceeds(await engine.stack.command("review"));
    assertSays(review.output, "the subjects of 2 referrers are in acme/app");
    await engine.stack.approve(planIdIn(preview, "acme/signatures"));
    assertSucceeds(await engine.stack.up());
    assert.deepEqual(signed(), signaturesOf(...living));
    assertSucceeds(await engine.stack.refresh());
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
  });

  it("keeps the one whose image came back before a killed run is resumed", async () => {
    await engine.stack.change({ approval: "automatic" });
    const running = engine.stack.startUp();
    const strike = () => {
      killAll(treeOf(running.pid));
      return undefined;
    };
    engine.sandbox.addFault({ match: { method: "DELETE" }, after: 1, effect: { kind: "call", call: strike } });
    await running.ended;
    const left = lost.filter((name) => signed().includes(signatureOf(name)));
    const [back = ""] = left;
    assert.ok(left.length >= 2 && left.length < lost.length, left.join());
    engine.sandbox.seed([imageOf(back)]);
    await engine.stack.cancel();
    assertSucceeds(await engine.stack.up());
    assert.deepEqual(signed(), signaturesOf(...living, back));
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
  });

  it("stops with the name of a package that is not there, and shows the others", async () => {
    engine.stack.policies = [policyWith("ap"), { ...policyWith("app"), package: "app" }];
    await engine.stack.writeConfig();
    const preview = assertFails(await engine.stack.preview());
    assertSays(errorsOf(preview, "acme/signatures"), /looks for subjects in acme\/ap \(`subjectsIn`\), which cannot be listed/);
    assertSays(diagnosticsOf(preview, "acme/app"), "nothing to delete");
    assertFails(await engine.stack.up());
    assert.deepEqual(signed(), signaturesOf(...living, ...lost));
  });

  it("does so under a rule that an organisation shares", async () => {
    engine.stack.policies = [];
    await engine.stack.configure({
      "ghcr-retention:ruleSets": { lost: [dropLost("app")] },
      "ghcr-retention:organizations": [{ owner: "acme", use: ["lost"], limits: { percent: 100 }, approval: "automatic" }],
    });
    assertSucceeds(await engine.stack.up());
    assert.deepEqual(signed(), signaturesOf(...living));
  });
});

const manifest = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"c".repeat(64)}`, size: 512 },
  layers: [],
};
