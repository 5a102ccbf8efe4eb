import assert from "node:assert/strict";
import { Agent, type Dispatcher } from "undici";
import { connect } from "../../../../components/inventory/connection";
import { toRetentionError } from "../../../../components/inventory/github/github-error";

const name = { owner: "acme", name: "app" };
const token = "ghp_of_nobody";

/** Requests that end with an error which holds them. */
async function withThrowingRequests(use: () => Promise<void>): Promise<void> {
  const { dispatch } = Agent.prototype;
  Agent.prototype.dispatch = (options, handler) => {
    const held = { options, headers: { authorization: token } };
    const error = Object.assign(new TypeError("broken", { cause: Object.assign(new Error("broken"), held) }), held);
    handler.onResponseError?.({} as Dispatcher.DispatchController, error);
    return true;
  };
  try {
    await use();
  } finally {
    Agent.prototype.dispatch = dispatch;
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
    await withThrowingRequests(async () => {
      const { octokit } = connect(endpoints, token, 0).github;
      await assert.rejects(octokit.rest.users.getByUsername({ username: "acme" }), (error: Error) => {
        const shown = toRetentionError(error, name);
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
