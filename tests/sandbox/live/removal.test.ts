import assert from "node:assert/strict";
import { probes } from "../../../live/probes/all";
import type { LiveProbe } from "../../../live/probes/assume";
import { deletePackage, deleteVersion, restoreVersion } from "../../../live/scratch/changes";
import { ProbePackage } from "../../../live/scratch/probe-package";
import { RegistryCalls } from "../../../live/scratch/registry-calls";
import { pushImage } from "../../../sandbox";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { acceptLive, connected, leftIn, named, owner, runLive } from "../../support/live/acceptance";

const first = probes.slice(0, 3);
const failing: LiveProbe = {
  name: "a probe that breaks off",
  assumption: true,
  observe: () => Promise.reject(new Error("the socket of ghp_0123456789abcdefghij was closed")),
};

describe("the package of a live run", () => {
  const sandbox = useSandbox({ now: "2026-11-23T12:00:00Z" });
  const interrupted = new Error("interrupted");

  it("is the only one that is written, and has a name of its own in each run", async () => {
    await pushImage(
      { registryUrl: sandbox().registryUrl, token: sandbox().token, repository: `${owner}/app` },
      { seed: "app", tags: ["v1"] },
    );
    const before = sandbox().package(`${owner}/app`);
    sandbox().clearRequests();
    await runLive(sandbox());
    await runLive(sandbox(), { probes: first });
    const written = sandbox()
      .requests()
      .filter(({ method, path }) => method !== "GET" && method !== "HEAD" && path !== "/token")
      .map(({ path }) => /\bacme\/(?:packages\/container\/)?(ghcr-retention-probe-[0-9a-f]{12})(?=\/|$)/.exec(path)?.[1] ?? path);
    assert.equal(new Set(written).size, 2, [...new Set(written)].join("\n"));
    assert.ok(written.every((name) => name.startsWith("ghcr-retention-probe-")));
    assert.deepEqual(sandbox().package(`${owner}/app`), before);
    assert.deepEqual(leftIn(sandbox()), [`${owner}/app`]);
  });

  it("is removed under a user as well", async () => {
    sandbox().setOwner(owner, "User");
    const rows = await runLive(sandbox(), { kind: "users" });
    assert.deepEqual([named(rows, "different"), named(rows, "failed")], [[], []]);
    assert.deepEqual(leftIn(sandbox()), []);
  });

  it("is removed after a probe that breaks off, which is a row like the others", async () => {
    const rows = await runLive(sandbox(), { probes: [failing, ...first] });
    assert.deepEqual(
      rows.map(({ verdict, words }) => [verdict, verdict === "failed" ? words : undefined]),
      [["failed", "the socket of (a token) was closed"], ...first.map(() => ["same", undefined])],
    );
    assert.deepEqual(leftIn(sandbox()), []);
  });

  it("is removed when the run is interrupted in the middle of a push", async () => {
    const controller = new AbortController();
    let last: Promise<unknown> | undefined;
    sandbox().setLatency({ api: 0, registry: 50 });
    const pushing: LiveProbe = {
      name: "a probe that pushes",
      assumption: true,
      observe: async (scratch) => {
        await scratch.push("before");
        controller.abort(interrupted);
        last = scratch.push("while it is interrupted");
        await last;
        await scratch.settle();
        await scratch.push("never");
        throw new Error("went on");
      },
    };
    await assert.rejects(runLive(sandbox(), { probes: [pushing, ...first], signal: controller.signal, second: 50 }), interrupted);
    await last;
    assert.deepEqual(leftIn(sandbox()), []);
  });

  it("is removed although GitHub fails at first", async () => {
    sandbox().addFault({
      match: { surface: "api", method: "DELETE", path: "/packages/container/" },
      times: 6,
      effect: { kind: "status", status: 502 },
    });
    await runLive(sandbox(), { probes: [] });
    assert.deepEqual(leftIn(sandbox()), []);
  });

  it("is named, with what to do, where GitHub does not remove it, and what was seen is not lost", async () => {
    const said: string[] = [];
    sandbox().addFault({
      match: { surface: "api", method: "DELETE" },
      times: null,
      effect: { kind: "refuse", reason: "not-admin" },
    });
    const { rows, left } = await acceptLive(sandbox(), { probes: first.slice(0, 1), say: (text) => said.push(text) });
    assert.deepEqual(named(rows, "different"), []);
    assert.match(
      left ?? "",
      /^acme\/ghcr-retention-probe-[0-9a-f]{12} is still there \(the last answer to its removal: 404 Package not found\.\)\. Remove it by hand/,
    );
    assert.equal(
      said
        .at(-2)
        ?.trim()
        .replace(/-[0-9a-f]{12}/, ""),
      "GitHub removes acme/ghcr-retention-probe: waiting, 118 of at most 120 s",
    );
    assert.equal(said.at(-1), left);
  });

  it("is not made with a token that may not push, and the error says what is needed", async () => {
    const token = sandbox().createToken({ scopes: ["read:packages", "delete:packages"] });
    await assert.rejects(
      runLive(sandbox(), { token }),
      /could not be made: the registry answered 403 DENIED permission_denied: The token provided does not match expected scopes\. Expected a token that may push packages of acme/,
    );
    assert.deepEqual(leftIn(sandbox()), []);
  });
});

describe("what deletes in a live run", () => {
  const sandbox = useSandbox();

  it("refuses every package that the run did not make itself, before any request", async () => {
    const { github, registry } = connected(sandbox());
    const real = { owner, name: "app" };
    // @ts-expect-error: only ProbePackage.make creates one.
    const declared: ProbePackage = { ...real, toString: () => "acme/app" };
    const copied = { ...ProbePackage.make(owner) } as ProbePackage;
    const inherited: ProbePackage = Object.create(ProbePackage.make(owner), { name: { value: "app" } });
    for (const forged of [declared, copied, inherited]) {
      const changed = { package: forged, kind: "orgs" } as const;
      const refusal = /is no package of a live run: only a package that the run made itself is changed/;
      assert.throws(() => deletePackage(github, changed), refusal);
      assert.throws(() => deleteVersion(github, changed, 1), refusal);
      assert.throws(() => restoreVersion(github, changed, 1), refusal);
      assert.throws(() => new RegistryCalls(forged, registry, sandbox().token), refusal);
    }
    assert.deepEqual(sandbox().requests(), []);
  });

  it("cannot be given another name afterwards", () => {
    const probe = ProbePackage.make(owner);
    assert.throws(() => Object.assign(probe, { name: "app" }), TypeError);
  });
});
