import assert from "node:assert/strict";
import { connect } from "../../../../components/inventory/connection";
import { listPackages } from "../../../../components/inventory/github/list-packages";
import { countVersions } from "../../../../components/inventory/github/packages-api";
import type { FaultRequest } from "../../../../sandbox";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const name = { owner: "acme", name: "app" };
const route = { kind: "orgs", ...name } as const;
const samlWords =
  "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.";
const classicWords =
  "`acme` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.";

describe("an error about an answer of GitHub", () => {
  const sandbox = useSandbox();
  beforeEach(() => {
    sandbox().seed([{ package: "acme/app", tags: ["prod"] }]);
  });

  function github(token = sandbox().token) {
    const { githubApiUrl, registryUrl } = sandbox();
    return connect({ githubApiUrl, registryUrl, deletionsPerMinute: 60_000, cacheFolder: undefined }, token, 1).github;
  }

  /** The error of a request that GitHub answers so, each time or as often as told. */
  async function errorOf(answer: Omit<Extract<FaultRequest["effect"], { kind: "status" }>, "kind">, times: number | null = null) {
    sandbox().addFault({ match: { surface: "api" }, times, effect: { kind: "status", ...answer } });
    const outcome = await countVersions(github(), name, route).catch((caught: Error) => caught);
    assert.ok(outcome instanceof Error);
    return outcome.message;
  }

  describe("when the token is not authorised for single sign-on", () => {
    const saml = (url: string) => ({ status: 403, body: { message: samlWords }, headers: { "x-github-sso": `required; url=${url}` } });

    for (const url of [
      "https://github.com/orgs/acme/sso?authorization_request=AZSCKtL4U8yX1H3sCQIVnVgmjmon5fWxks5YrqhJgah0b2tlbl9pZM4EuMz4",
      "https://acme.ghe.com/orgs/acme/sso?authorization_request=A1",
    ]) {
      it(`shows where to authorise it: ${new URL(url).host}`, async () => {
        assert.equal(
          await errorOf(saml(url)),
          `acme/app: GitHub answered 403: ${samlWords.slice(0, -1)}. Authorise the token for the organisation's single sign-on at ${url} and run again.`,
        );
      });
    }

    for (const url of [
      "http://github.com/orgs/acme/sso?authorization_request=A1",
      "https://github.com.example.org/orgs/acme/sso",
      "https://github.com@example.org/orgs/acme/sso",
      "https://user:secret@github.com/orgs/acme/sso",
      "https://ghe.com/orgs/acme/sso",
      "javascript:alert(1)",
      "not an address",
      `https://github.com/${"a".repeat(2_000)}`,
    ]) {
      it(`shows no address that is not GitHub's own: ${url.slice(0, 60)}`, async () => {
        assert.equal(
          await errorOf(saml(url)),
          `acme/app: GitHub answered 403: ${samlWords.slice(0, -1)}. Authorise the token for the organisation's single sign-on, in the settings of your account under tokens, and run again.`,
        );
      });
    }
  });

  it("does not speak of single sign-on where only other organisations ask for it", async () => {
    const headers = { "x-github-sso": "partial-results; organizations=21955855,20582480" };
    assert.match(await errorOf({ status: 404, body: { message: "Package not found." }, headers }), /the token has no admin right on it/);
  });

  describe("when the organisation forbids classic tokens", () => {
    it("does not ask for one", async () => {
      const message = await errorOf({ status: 403, body: { message: classicWords } });
      assert.match(message, /^acme\/app: GitHub answered 403: `acme` forbids access via a personal access token \(classic\)\. /);
      assert.match(
        message,
        / Use the GITHUB_TOKEN of a workflow whose repository has the Admin role on the package, or let an owner of the organisation allow classic tokens\.$/,
      );
      assert.doesNotMatch(message, /xpected a classic token/);
    });

    it("does not ask for one to list packages either", async () => {
      sandbox().addFault({
        match: { path: "/packages" },
        times: null,
        effect: { kind: "status", status: 403, body: { message: classicWords } },
      });
      await assert.rejects(listPackages(github(), "acme"), (error: Error) => {
        assert.match(error.message, /^acme: GitHub answered 403: `acme` forbids/);
        assert.doesNotMatch(error.message, /a classic token with/i);
        return true;
      });
    });
  });

  describe("when the token lacks a scope", () => {
    it("names the scope as GitHub does, since its headers do not", async () => {
      const message = "You need at least read:packages and delete:packages scopes to delete a package version.";
      const headers = { "x-oauth-scopes": "repo, write:packages", "x-accepted-oauth-scopes": "" };
      assert.match(
        await errorOf({ status: 403, body: { message }, headers }),
        /: the token has repo, write:packages; expected delete:packages\.$/,
      );
    });
  });

  describe("when a proxy answers with a page", () => {
    const page = "\n<!DOCTYPE html>\n<html><title>Unicorn!</title><body>secret</body></html>";

    for (const status of [400, 403, 422, 502, 504]) {
      it(`calls it that, and prints nothing of it: ${status}`, async () => {
        const message = await errorOf({ status, body: page });
        assert.match(message, new RegExp(`^acme/app: GitHub answered ${status}: an HTML page[.;]`));
        assert.doesNotMatch(message, /Unicorn|secret|</);
      });
    }

    it("calls it that where its status says that all is well", async () => {
      assert.equal(await errorOf({ status: 200, body: page }), "acme/app: GitHub answered 3 times with an HTML page; run again later.");
    });
  });

  it("leaves out a token that the answer repeats", async () => {
    const { token } = sandbox();
    assert.equal(
      await errorOf({ status: 400, body: { message: `no access with ${token}, sorry` } }),
      "acme/app: GitHub answered 400: no access with (a token), sorry; run again later.",
    );
  });

  it("has nothing to quote where the body is empty", async () => {
    assert.equal(await errorOf({ status: 502, body: "" }), "acme/app: GitHub answered 502; run again later.");
  });

  describe("when a rate limit ends the run", () => {
    const body = { message: "API rate limit exceeded for installation ID 17536452." };
    const says = "acme/app: GitHub answered 403: API rate limit exceeded for installation ID 17536452.";

    it("says that it waited several times where it did", async () => {
      assert.equal(
        await errorOf({ status: 403, body }),
        `${says} The limit lasted through several waits: run again later, or with fewer packages at a time.`,
      );
      assert.equal(sandbox().requests().length, 6);
    });

    it("goes on where the limit, told in words only, ends", async () => {
      sandbox().addFault({ match: { surface: "api" }, times: 2, effect: { kind: "status", status: 403, body } });
      assert.equal(await countVersions(github(), name, route), 1);
    });

    it("says how long GitHub asks to wait where it did not wait", async () => {
      assert.equal(
        await errorOf({ status: 403, body, headers: { "retry-after": "7200" } }),
        `${says} GitHub asks for a longer wait than a run makes (65 minutes): run again later.`,
      );
      assert.equal(sandbox().requests().length, 1);
    });
  });
});
