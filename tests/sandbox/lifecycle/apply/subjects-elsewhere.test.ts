import assert from "node:assert/strict";
import type { PolicyInput } from "../../../../components/rules/policy";
import { type Sandbox, type SeedVersion, startSandbox } from "../../../../sandbox";
import { callApi } from "../../../support/emulator/calls";
import { now } from "../../../support/engine/world";
import { SimulatedStack, StoppableEngine } from "../../../support/lifecycle/simulated-stack";

/** More than one batch. */
const many = 40;
const pushed = "2026-08-01T12:00:00Z";

const policy: PolicyInput = {
  owner: "acme",
  package: "signatures",
  rules: [{ name: "drop-lost", action: "delete", dangling: true, subjectsIn: ["app"] }],
  approval: "automatic",
  limits: { percent: 100 },
};

describe("the signatures of images in another package", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let stack: SimulatedStack;
  /** The images by number, each with its signature; odd ones were deleted long ago. */
  let images: readonly string[];
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    images = sandbox
      .seed(Array.from({ length: 2 * many }, (_, place): SeedVersion => ({ ...imageOf(place), createdAt: pushed })))
      .map(({ digest }) => digest);
    sandbox.seed(
      images.map((digest, place) => ({ package: "acme/signatures", tags: [tagOf(digest)], createdAt: minutesAfterPush(place) })),
    );
    sandbox.setClock("2026-09-01T12:00:00Z");
    for (const digest of lost()) await remove(digest);
    sandbox.setClock(now);
    stack = new SimulatedStack(sandbox, policy, 1);
  });
  afterEach(() => sandbox.close());

  function imageOf(place: number): SeedVersion {
    return { package: "acme/app", tags: [`v${place}`], manifest: { ...image, annotations: { place: String(place) } } };
  }

  function tagOf(digest: string): string {
    return `${digest.replace(":", "-")}.sig`;
  }

  const lost = () => images.filter((_, place) => place % 2 === 1);
  const living = () => images.filter((_, place) => place % 2 === 0);
  const signed = () => (sandbox.package("acme/signatures")?.versions ?? []).flatMap(({ tags }) => tags).sort();
  const tagsOf = (digests: readonly string[]) => digests.map(tagOf).sort();

  async function remove(digest: string): Promise<void> {
    const id = sandbox.package("acme/app")?.versions.find((version) => version.digest === digest)?.id;
    assert.equal((await callApi(sandbox, `/orgs/acme/packages/container/app/versions/${id}`, { method: "DELETE" })).status, 204);
  }

  it("go with their images, and stay with them", async () => {
    const { inputs } = await stack.preview();
    assert.equal(Object.keys(inputs.deletions).length, many);
    await stack.up();
    assert.deepEqual(signed(), tagsOf(living()));
    assert.equal((await stack.preview()).changes, false);
  });

  it("stay when their image is pushed again between the preview and the apply (S4)", async () => {
    await stack.up(() => void sandbox.seed([imageOf(1)]));
    assert.deepEqual(signed(), tagsOf([...living(), images[1] ?? ""]));
  });

  it("stay when their image is pushed again before the next batch (S4)", async () => {
    const last = 2 * many - 1;
    sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "push", versions: [imageOf(last)] } });
    await stack.up();
    assert.deepEqual(signed(), tagsOf([...living(), images[last] ?? ""]));
  });

  it("wait while their image can be restored, and go when it cannot", async () => {
    await stack.up();
    const [first = "", ...others] = living();
    await remove(first);
    assert.equal((await stack.preview()).changes, false);
    sandbox.setClock("2026-12-24T12:00:00Z");
    await stack.up();
    assert.deepEqual(signed(), tagsOf(others));
  });

  it("all stay when the other package cannot be listed at the apply, and its name is said", async () => {
    const refuse = () => void sandbox.addFault({ match: { path: "/container/app" }, times: null, effect: { kind: "status", status: 404 } });
    await assert.rejects(
      stack.up(refuse),
      /^Error: acme\/signatures: a rule looks for subjects in acme\/app \(`subjectsIn`\), which cannot be listed/,
    );
    assert.deepEqual(signed(), tagsOf(images));
  });

  it("stay when a run was stopped, and their image came back before the next", async () => {
    const last = 2 * many - 1;
    sandbox.addFault({ match: { method: "DELETE" }, after: 3, effect: { kind: "status", status: 500 }, times: null });
    await assert.rejects(stack.up());
    sandbox.clearFaults();
    sandbox.seed([imageOf(last)]);
    stack.engine = new StoppableEngine();
    await stack.up();
    assert.deepEqual(signed(), tagsOf([...living(), images[last] ?? ""]));
  });
});

function minutesAfterPush(minutes: number): string {
  return new Date(Date.parse(pushed) + minutes * 60_000).toISOString();
}

const image = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"c".repeat(64)}`, size: 512 },
  layers: [],
};
