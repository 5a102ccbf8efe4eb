import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "../../../../components/inventory/connection";
import { takeInventory } from "../../../../components/inventory/take-inventory";
import { type FaultRequest, pushImage, pushMultiArchImage } from "../../../../sandbox";
import { useSandbox } from "../../../support/emulator/running-sandbox";
import { assertStops, assertWhole, countRequests, lookAt, name, repository, strike } from "../../../support/inventory/looking";

type Effect = FaultRequest["effect"];

const tokenHint = "Expected a classic token with read:packages, or GITHUB_TOKEN with access to the package.";
const absenceHint =
  "which is not MANIFEST_UNKNOWN and says nothing of this manifest; check `ghcr-retention:registryUrl`, and that the token may pull the package.";
const ociError = (code: string) => ({ errors: [{ code, message: "said the registry" }] });

/** Answers that look like absence or are none, what is said of them after the digest, and how often was asked. */
const cases: { readonly name: string; readonly effect: Effect; readonly says: string | RegExp; readonly asked: number }[] = [
  {
    name: "401",
    effect: { kind: "status", status: 401, body: ociError("UNAUTHORIZED") },
    says: `: the registry refuses the token (401): UNAUTHORIZED: said the registry. ${tokenHint}`,
    asked: 1,
  },
  {
    name: "403",
    effect: { kind: "status", status: 403, body: ociError("DENIED") },
    says: `: the registry refuses the token (403): DENIED: said the registry. ${tokenHint}`,
    asked: 1,
  },
  {
    name: "404 of a proxy",
    effect: { kind: "status", status: 404, body: "<html>not here</html>" },
    says: `: the registry answered 404 (an HTML page), ${absenceHint}`,
    asked: 1,
  },
  {
    name: "404 about the whole repository",
    effect: { kind: "status", status: 404, body: ociError("NAME_UNKNOWN") },
    says: `: the registry answered 404 (NAME_UNKNOWN: said the registry), ${absenceHint}`,
    asked: 1,
  },
  ...[408, 429, 500, 502, 503, 504].map((status) => ({
    name: String(status),
    effect: { kind: "status", status } satisfies Effect,
    says: `: the registry answered ${status} again and again; run again later.`,
    asked: 5,
  })),
  {
    name: "429 of GHCR's own limit",
    effect: { kind: "rate-limit" },
    says: ": the registry answered 429 again and again; run again later.",
    asked: 5,
  },
  {
    name: "429 with retry-after",
    effect: { kind: "rate-limit", retryAfterSeconds: 0 },
    says: ": the registry answered 429 again and again; run again later.",
    asked: 5,
  },
  { name: "418", effect: { kind: "status", status: 418 }, says: ": the registry answered 418; expected 200 or 404.", asked: 1 },
  { name: "204", effect: { kind: "status", status: 204 }, says: ": the registry answered 204; expected 200 or 404.", asked: 1 },
  {
    name: "a body that breaks off",
    effect: { kind: "truncate" },
    says: ": the registry answered 3 times with a body that breaks off; run again later.",
    asked: 3,
  },
  {
    name: "a body of another digest",
    effect: { kind: "wrong-digest" },
    says: /: the registry answered 3 times with a body of another digest \(sha256:[0-9a-f]{64}\); run again later\.$/,
    asked: 3,
  },
  {
    name: "an empty body",
    effect: { kind: "body", body: "" },
    says: /: the registry answered 3 times with a body of another digest \(sha256:e3b0c442[0-9a-f]{56}\); run again later\.$/,
    asked: 3,
  },
  {
    name: "a body that never ends",
    effect: { kind: "body", body: " ".repeat(5 * 1024 * 1024) },
    says: ": the registry answered once with a body of more than 4 MiB, which no manifest has; run again later.",
    asked: 1,
  },
  {
    name: "no answer",
    effect: { kind: "drop" },
    says: /: the registry could not be reached \(.+\); check `ghcr-retention:registryUrl` and the network\.$/,
    asked: 5,
  },
];

describe("an answer about a manifest that is none", () => {
  const sandbox = useSandbox();
  let digest = "";
  beforeEach(async () => {
    const target = { registryUrl: sandbox().registryUrl, token: sandbox().token, repository };
    await pushMultiArchImage(target, { seed: "prod", tags: ["prod"] });
    digest = await pushImage(target, { seed: "pr", tags: ["pr-1"] });
    sandbox().clearRequests();
  });
  const ofManifest = () => ({ surface: "registry" as const, path: `/manifests/${digest}` });

  for (const { name: what, effect, says, asked } of cases) {
    it(`stops the look: ${what}`, async () => {
      strike(sandbox(), ofManifest(), effect);
      await assertStops(sandbox(), typeof says === "string" ? `@${digest}${says}` : new RegExp(`^${repository}@${digest}${says.source}`));
      assert.equal(countRequests(sandbox(), digest), asked);
      sandbox().clearFaults();
      assertWhole(await lookAt(sandbox()), 6);
    });
  }

  for (const { name: what, effect, asked } of cases.filter((one) => one.asked > 1)) {
    it(`is asked for again, and forgotten when the next is good: ${what}`, async () => {
      strike(sandbox(), ofManifest(), effect, asked - 1);
      assertWhole(await lookAt(sandbox()), 6);
      assert.equal(countRequests(sandbox(), digest), asked);
    });
  }

  for (const status of [301, 302, 303, 307, 308]) {
    it(`stops the look, and the token goes nowhere: ${status}`, async () => {
      const location = `${sandbox().foreignUrl}/elsewhere`;
      strike(sandbox(), ofManifest(), { kind: "status", status, headers: { location } });
      await assertStops(
        sandbox(),
        `@${digest}: the registry redirects (${status}); redirects are not followed because the request carries the token.`,
      );
      assert.equal(countRequests(sandbox(), "/elsewhere"), 0);
    });
  }

  it("stops the look: nobody listens at the registry's address", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const endpoints = {
      githubApiUrl: sandbox().githubApiUrl,
      registryUrl: `http://127.0.0.1:${port}`,
      deletionsPerMinute: 180,
      cacheFolder: undefined,
    };
    const looking = takeInventory(connect(endpoints, sandbox().token, 1), name, { manifestsToRead: () => [], unreadable: [] });
    await assert.rejects(
      looking,
      /the registry could not be reached \(.*ECONNREFUSED.*\); check `ghcr-retention:registryUrl` and the network\.$/,
    );
  });

  it("does no harm where nothing depends on it: children of what stays are not read", async () => {
    const child = sandbox()
      .package(repository)
      ?.versions.find(({ tags }) => tags.length === 0);
    strike(sandbox(), { surface: "registry", path: `/manifests/${child?.digest}` }, { kind: "status", status: 500 });
    const {
      graph: { inventory },
    } = await lookAt(sandbox(), { manifestsToRead: () => [] });
    assert.equal(inventory.versions.length, 6);
    assert.equal(countRequests(sandbox(), child?.digest ?? ""), 0);
  });
});
