import assert from "node:assert/strict";
import { noUntaggedChildren } from "../../../policies/no-untagged-children";
import {
  buildIndex,
  type FaultRequest,
  type PushedImage,
  pushArtifact,
  pushContent,
  pushFallbackTag,
  type Sandbox,
  startSandbox,
} from "../../../sandbox";
import { descriptorOf } from "../../../sandbox/images";
import { now, PackageWorld, partsOf } from "../../support/engine/world";
import { unknownObject } from "../../support/policies/analyze";
import { verdictsOf } from "../../support/policies/configured";
import { retentionPolicy, validInputs } from "../../support/policies/inputs";

const repository = "Logto-IO/team/logto";
const registryHosts = ["127.0.0.1"];

describe("no-untagged-children with verifyLive", () => {
  let sandbox: Sandbox;
  let world: PackageWorld;
  let token: string | undefined;

  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy({
      old: { days: 80, tags: ["prod"] },
      release: { days: 70, tags: ["v1.0.0"], attestations: false },
      prod: { days: 30, tags: ["prod", "v1.2.0"] },
    });
    token = process.env.GITHUB_TOKEN;
    process.env.GITHUB_TOKEN = sandbox.token;
  });
  afterEach(async () => {
    if (token === undefined) delete process.env.GITHUB_TOKEN;
    else process.env.GITHUB_TOKEN = token;
    await sandbox.close();
  });

  /** A plan that deletes these, all of them waiting or all of them approved. */
  function planOf(digests: readonly string[], state: "pending" | "approved" = "pending"): object {
    const { evidence: _, pending, ...inputs } = validInputs();
    const all = Object.fromEntries(digests.map((digest) => [digest, "untagged 80 days, nothing needs it"]));
    const place = { owner: "Logto-IO", package: "team/logto", registryUrl: sandbox.registryUrl };
    return {
      ...inputs,
      ...place,
      deletions: state === "approved" ? all : {},
      ...(state === "approved" ? {} : { pending: { ...pending, deletions: all } }),
    };
  }

  async function refusals(inputs: object, config: Record<string, unknown> = {}): Promise<string[]> {
    const setting = { config: { verifyLive: true, registryHosts, ...config } };
    const verdicts = await verdictsOf(noUntaggedChildren, retentionPolicy, inputs, setting);
    assert.ok(!JSON.stringify(verdicts).includes(sandbox.token));
    assert.ok(!JSON.stringify(verdicts).includes(Buffer.from(sandbox.token).toString("base64")));
    return verdicts.map(({ message }) => message);
  }

  async function refusal(inputs: object, config: Record<string, unknown> = {}): Promise<string> {
    const [text, ...more] = await refusals(inputs, config);
    assert.deepEqual(more, []);
    return text ?? assert.fail("not refused");
  }

  function childOf(image: PushedImage, platform: string): string {
    return image.children.find((child) => child.platform === platform)?.digest ?? assert.fail(platform);
  }

  it("lets a plan pass that takes a whole image", async () => {
    assert.deepEqual(await refusals(planOf(world.digests("old"))), []);
    assert.deepEqual(await refusals(planOf(world.digests("old"), "approved")), []);
  });

  for (const state of ["pending", "approved"] as const) {
    it(`refuses a plan, ${state}, that deletes a child of prod, naming digest, platform and tag`, async () => {
      const child = childOf(world.image("prod"), "linux/arm64");
      const text = await refusal(planOf([...world.digests("old"), child], state));
      assert.match(text, /the plan deletes what remaining tags need, according to the registry/);
      assert.match(text, new RegExp(`${child} \\(linux/arm64\\), needed by (prod|v1\\.2\\.0)\n`));
      assert.ok(!world.digests("old").some((digest) => text.includes(digest)), text);
    });
  }

  it("has nothing against a child that somebody else deleted and the ledger takes in", async () => {
    const child = childOf(world.image("prod"), "linux/arm64");
    const deleted = { "2026-11-20-found": { images: child.slice("sha256:".length).slice(0, 16), tags: "" } };
    assert.deepEqual(await refusals({ ...planOf([child], "approved"), deleted }), []);
  });

  it("asks nobody unless it is told to", async () => {
    const child = childOf(world.image("prod"), "linux/arm64");
    assert.deepEqual(await refusals(planOf([child]), { verifyLive: false }), []);
    assert.deepEqual(requests(sandbox), []);
  });

  it("asks nobody about a plan of nothing", async () => {
    assert.deepEqual(await refusals(planOf([])), []);
    assert.deepEqual(requests(sandbox), []);
  });

  it("refuses an attestation of an image that stays", async () => {
    const attestation = world.image("prod").attestations[0]?.digest ?? "";
    assert.ok((await refusal(planOf([attestation]))).includes(`${attestation} (`));
  });

  it("refuses a part that goes now while the tag of its image only waits", async () => {
    const release = world.image("release");
    const child = childOf(release, "linux/amd64");
    const { pending, ...rest } = planOf(partsOf(release).filter((digest) => digest !== child)) as { pending: object };
    const text = await refusal({ ...rest, pending, deletions: { [child]: "linux/amd64 of v1.0.0" } });
    assert.ok(text.includes(`${child} (linux/amd64), needed by v1.0.0`), text);
  });

  it("follows an index inside an index", async () => {
    const outer = buildIndex([descriptorOf(world.image("old").built.index)]);
    await pushContent(world.target, outer, ["nested"]);
    const child = childOf(world.image("old"), "linux/amd64");
    assert.ok((await refusal(planOf([child]))).includes(`${child} (linux/amd64), needed by nested`));
  });

  describe("when something refers to an image that stays", () => {
    it("refuses it by its subject, without any tag", async () => {
      const subject = world.image("prod").built.index;
      const signature = await pushArtifact(world.target, { seed: "signature", artifactType: "application/x-signature", subject });
      const text = await refusal(planOf([...world.digests("old"), signature.digest]));
      assert.match(text, new RegExp(`${signature.digest} \\(refers to ${subject.digest.slice(0, 19)}\\), needed by (prod|v1\\.2\\.0)`));
    });

    it("refuses the fallback tag that was written for it, and what that lists", async () => {
      const subject = world.image("prod").built.index;
      const artifact = await pushArtifact(world.target, { seed: "signature", artifactType: "application/x-signature" });
      const index = await pushFallbackTag(world.target, subject.digest, [artifact]);
      const text = await refusal(planOf([index.digest, artifact.digest]));
      assert.match(text, new RegExp(`${index.digest} \\(sha256-[0-9a-f]{64}\\), needed by`));
      assert.ok(text.includes(`${artifact.digest} (`), text);
    });

    it("lets it go together with the image", async () => {
      const subject = world.image("old").built.index;
      const signature = await pushArtifact(world.target, { seed: "signature", artifactType: "application/x-signature", subject });
      assert.deepEqual(await refusals(planOf([...world.digests("old"), signature.digest])), []);
    });
  });

  describe("when something cannot be read", () => {
    const cases: Record<string, readonly [FaultRequest, RegExp]> = {
      "the list of tags": [fault("/tags/list", { kind: "status", status: 403 }), /the list of tags cannot be read: 403/],
      "the list of tags, in the registry's own words": [
        fault("/tags/list", { kind: "status", status: 403, body: { errors: [{ code: "DENIED", message: "not yours\u001b." }] } }),
        /the list of tags cannot be read: 403 \(DENIED: not yours\?\.\)\.$/m,
      ],
      "the list of tags, without a proxy's": [fault("/tags/list", { kind: "status", status: 401, body: "<html>" }), /be read: 401\.$/m],
      "a tag": [fault("/manifests/prod", { kind: "status", status: 404 }), /the tag prod cannot be read: 404/],
      "a manifest, for long": [
        fault("/manifests/sha256", { kind: "status", status: 503, headers: { "retry-after": "0" } }),
        /sha256:[0-9a-f]{64} cannot be read: 503/,
      ],
      "a manifest that is another one": [fault("/manifests/sha256", { kind: "wrong-digest" }, "GET"), /does not match its digest/],
      "a list in another form": [fault("/tags/list", { kind: "body", body: '{"tags":{}}' }), /has an unexpected form/],
      "a list that is no JSON": [fault("/tags/list", { kind: "body", body: "<html>" }), /the list of tags is not JSON/],
      "a redirect to another host": [
        fault("/tags/list", { kind: "status", status: 303, headers: { location: "http://127.0.0.2/" } }),
        /cannot be read: 303/,
      ],
      "a next page at another host": [
        fault("/tags/list", { kind: "body", headers: { link: '<http://127.0.0.2/v2/x>; rel="next"' } }),
        /continues on another host/,
      ],
    };
    for (const [what, [request, expected]] of Object.entries(cases)) {
      it(`refuses for want of ${what}`, async () => {
        sandbox.addFault(request);
        const text = await refusal(planOf(world.digests("old")));
        assert.match(text, /the plan cannot be checked against the registry/);
        assert.match(text, expected);
      });
    }

    it("tries again where that may help", async () => {
      sandbox.addFault({ ...fault("/tags/list", { kind: "status", status: 503, headers: { "retry-after": "0" } }), times: 1 });
      assert.deepEqual(await refusals(planOf(world.digests("old"))), []);
    });

    it("refuses for want of a token", async () => {
      delete process.env.GITHUB_TOKEN;
      assert.match(await refusal(planOf(world.digests("old"))), /GITHUB_TOKEN is not set/);
    });

    it("refuses, and sends the token nowhere, when the stack names another host", async () => {
      assert.match(await refusal(planOf(world.digests("old")), { registryHosts: ["ghcr.io"] }), /host "127.0.0.1" is not among/);
      const elsewhere = { ...planOf(world.digests("old")), registryUrl: "http://ghcr.io" };
      assert.match(await refusal(elsewhere, { registryHosts: ["ghcr.io"] }), /is not used without https/);
      assert.deepEqual(requests(sandbox), []);
    });

    it("refuses where an index lists an index that is gone, unless that is known", async () => {
      const inner = world.image("old").built.index;
      await pushContent(world.target, buildIndex([descriptorOf(inner)]), ["nested"]);
      sandbox.addFault(fault(inner.digest, { kind: "status", status: 404 }));
      const plan = planOf([childOf(world.image("old"), "linux/amd64")]);
      assert.match(await refusal(plan), new RegExp(`the registry does not know ${inner.digest}, which nested needs`));
      assert.deepEqual(await refusals({ ...plan, unreadable: [inner.digest] }), []);
    });
  });

  it("reads what is deleted already as nothing", async () => {
    const [gone = ""] = world.digests("old");
    sandbox.addFault(fault(gone, { kind: "status", status: 404 }));
    assert.deepEqual(await refusals(planOf([gone], "approved")), []);
  });

  it("reads each manifest once, and none of a platform", async () => {
    await refusals(planOf(world.digests("old")));
    const read = requests(sandbox).filter((line) => line.startsWith("GET") && line.includes("/manifests/"));
    assert.equal(read.length, new Set(read).size);
    const platforms = world.image("prod").children.map(({ digest }) => digest);
    assert.ok(!read.some((line) => platforms.some((digest) => line.includes(digest))), read.join("\n"));
  });

  it("reads all pages of the tags", async () => {
    for (let number = 0; number < 120; number++) await world.tag("release", `build-${number}`);
    const child = childOf(world.image("prod"), "linux/arm64");
    assert.match(await refusal(planOf([child])), /needed by/);
    assert.equal(requests(sandbox).filter((line) => line.includes("/tags/list")).length, 2);
  });

  it("judges nothing live while the plan is not known", async () => {
    const texts = await refusals({ ...planOf([]), deletions: unknownObject });
    assert.match(texts.join("\n"), /can't be known during preview/);
    assert.deepEqual(requests(sandbox), []);
  });
});

function fault(path: string, effect: FaultRequest["effect"], method?: string): FaultRequest {
  return { match: { surface: "registry", path, ...(method === undefined ? {} : { method }) }, times: null, effect };
}

/** What was asked of the registry since the pushes. */
function requests(sandbox: Sandbox): string[] {
  return sandbox
    .requests()
    .filter(({ method }) => method === "GET" || method === "HEAD")
    .map(({ method, path }) => `${method} ${path}`);
}
