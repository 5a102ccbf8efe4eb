import assert from "node:assert/strict";
import { connect } from "../../../../components/inventory/connection";
import { readManifest } from "../../../../components/inventory/references/read-manifest";
import { pushTag, resolveReference } from "../../../../components/inventory/registry/registry";
import { unstoppable } from "../../../../components/model/stop";
import { type FaultRequest, pushImage } from "../../../../sandbox";
import { useSandbox } from "../../../support/emulator/running-sandbox";
import { name, repository } from "../../../support/inventory/looking";

type Status = Extract<FaultRequest["effect"], { kind: "status" }>;

const remedy = "Expected a classic token with read:packages, or GITHUB_TOKEN with access to the package.";
const withoutClassic =
  "Use the GITHUB_TOKEN of a workflow that has access to the package, or let an owner of the organisation allow classic tokens.";
const ociError = (code: string, message?: string) => ({ errors: [{ code, ...(message === undefined ? {} : { message }) }] });

/** What the registry answers to reading a manifest, and what the error says after the digest. */
const cases: Readonly<Record<string, { readonly answer: Omit<Status, "kind">; readonly says: string }>> = {
  "a token that it does not know": {
    answer: { status: 401, body: ociError("UNAUTHORIZED", "authentication required") },
    says: `: the registry refuses the token (401): UNAUTHORIZED: authentication required. ${remedy}`,
  },
  "a token that GitHub does not take": {
    answer: { status: 401, body: ociError("UNAUTHORIZED", "unauthenticated: User cannot be authenticated with the token provided.") },
    says: `: the registry refuses the token (401): UNAUTHORIZED: unauthenticated: User cannot be authenticated with the token provided. ${remedy}`,
  },
  "a scope that is missing": {
    answer: { status: 403, body: ociError("DENIED", "permission_denied: The token provided does not match expected scopes.") },
    says: `: the registry refuses the token (403): DENIED: permission_denied: The token provided does not match expected scopes. ${remedy}`,
  },
  "an organisation that forbids classic tokens": {
    answer: {
      status: 403,
      body: ociError("DENIED", "permission_denied: `logto-io` forbids access via a personal access token (classic). Please use another."),
    },
    says: `: the registry refuses the token (403): DENIED: permission_denied: \`logto-io\` forbids access via a personal access token (classic). Please use another. ${withoutClassic}`,
  },
  "a code without a message": {
    answer: { status: 403, body: ociError("DENIED") },
    says: `: the registry refuses the token (403): DENIED. ${remedy}`,
  },
  nothing: { answer: { status: 403, body: "" }, says: `: the registry refuses the token (403). ${remedy}` },
  "a page": {
    answer: { status: 403, body: "<!DOCTYPE html><title>Unicorn!</title>" },
    says: `: the registry refuses the token (403): an HTML page. ${remedy}`,
  },
  "control characters": {
    answer: { status: 401, body: ociError("UNAUTHORIZED", "red\u001b[31m\nline\u202e") },
    says: `: the registry refuses the token (401): UNAUTHORIZED: red?[31m?line?. ${remedy}`,
  },
  "more than 64 KiB": {
    answer: { status: 403, body: ociError("DENIED", "x".repeat(64 * 1024)) },
    says: `: the registry refuses the token (403). ${remedy}`,
  },
  "a repository that it does not know": {
    answer: { status: 404, body: ociError("NAME_UNKNOWN", "repository name not known to registry") },
    says:
      ": the registry answered 404 (NAME_UNKNOWN: repository name not known to registry), which is not MANIFEST_UNKNOWN and says nothing of this " +
      "manifest; check `ghcr-retention:registryUrl`, and that the token may pull the package.",
  },
  "an error of another kind": {
    answer: { status: 400, body: ociError("NAME_INVALID", "invalid repository name") },
    says: ": the registry answered 400 (NAME_INVALID: invalid repository name); expected 200 or 404.",
  },
};

describe("an error about a refusal of the registry", () => {
  const sandbox = useSandbox();
  let digest = "";
  beforeEach(async () => {
    digest = await pushImage({ registryUrl: sandbox().registryUrl, token: sandbox().token, repository }, { seed: "app", tags: ["prod"] });
  });

  function registry() {
    const { githubApiUrl, registryUrl, token } = sandbox();
    return connect({ githubApiUrl, registryUrl, deletionsPerMinute: 60_000, cacheFolder: undefined }, token, 1).registry;
  }

  for (const [what, { answer, says }] of Object.entries(cases)) {
    it(`shows its code and message: ${what}`, async () => {
      sandbox().addFault({ match: { surface: "registry" }, effect: { kind: "status", ...answer } });
      await assert.rejects(readManifest(registry(), name, digest), { name: "RetentionError", message: `${repository}@${digest}${says}` });
    });
  }

  it("shows them for a tag that is only looked up, though an answer to HEAD has no body", async () => {
    const { answer, says } = cases["an organisation that forbids classic tokens"] ?? assert.fail();
    sandbox().addFault({ match: { surface: "registry" }, times: null, effect: { kind: "status", ...answer } });
    await assert.rejects(resolveReference(registry(), name, "prod"), { name: "RetentionError", message: `${repository}:prod${says}` });
  });

  it("leaves out a token that the answer repeats", async () => {
    const { token } = sandbox();
    for (const repeated of [token, Buffer.from(token).toString("base64")]) {
      const body = ociError("DENIED", `no access with Bearer ${repeated}, sorry`);
      sandbox().addFault({ match: { surface: "registry" }, effect: { kind: "status", status: 403, body } });
      await assert.rejects(readManifest(registry(), name, digest), {
        message: `${repository}@${digest}: the registry refuses the token (403): DENIED: no access with Bearer (a token), sorry. ${remedy}`,
      });
    }
  });

  it("shows them for a tag that cannot be put back, too", async () => {
    const body = ociError("DENIED", "permission_denied: The token provided does not match expected scopes.");
    sandbox().addFault({ match: { method: "PUT" }, effect: { kind: "status", status: 403, body } });
    await assert.rejects(
      pushTag(registry(), name, { tag: "prod", digest, signal: unstoppable().changes }),
      /:prod: the registry answered 403 to putting the tag back \(DENIED: permission_denied: The token provided does not match expected scopes\); expected 201\. The token needs the scope write:packages\.$/,
    );
  });

  it("does not claim that a tag was tried again and again, since it is put back once", async () => {
    for (const status of [429, 503]) {
      sandbox().addFault({ match: { method: "PUT" }, effect: { kind: "status", status } });
      await assert.rejects(
        pushTag(registry(), name, { tag: "prod", digest, signal: unstoppable().changes }),
        new RegExp(`:prod: the registry answered ${status}; run again later\\.$`),
      );
    }
  });
});
