import assert from "node:assert/strict";
import { connect } from "../../components/inventory/connection";
import { toLookError } from "../../components/inventory/github-error";

const name = { owner: "acme", name: "app" };
const token = "ghp_of_nobody";

/** Requests that end with an exception which holds them. */
async function withThrowingFetch(use: () => Promise<void>): Promise<void> {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const held = { input, init, headers: { authorization: token } };
    throw Object.assign(new TypeError("broken", { cause: Object.assign(new Error("broken"), held) }), held);
  };
  try {
    await use();
  } finally {
    globalThis.fetch = fetch;
  }
}

describe("what a crash leaves behind", () => {
  const endpoints = {
    githubApiUrl: "http://127.0.0.1:9",
    registryUrl: "http://127.0.0.1:9",
    deletionsPerMinute: 100_000,
    cacheFolder: undefined,
  };

  it("is an error that holds neither the request nor what it came from", async () => {
    await withThrowingFetch(async () => {
      const { octokit } = connect(endpoints, token, 0);
      await assert.rejects(octokit.request("GET /users/{owner}", { owner: "acme" }), (error: Error) => {
        const shown = toLookError(error, name);
        assert.deepEqual(Object.keys(shown).sort(), ["name"]);
        assert.equal(shown.cause, undefined);
        assert.match(shown.message, /^acme\/app: GitHub could not be reached \(broken\)/);
        assert.equal(`${shown.stack}${JSON.stringify(shown)}`.includes(token), false);
        return true;
      });
    });
  });

  it("is a report of Node's without the environment, where Node can leave it out", () => {
    connect(endpoints, token, 0);
    const { report } = process;
    assert.equal((report as { excludeEnv?: boolean }).excludeEnv, true);
  });
});
