import assert from "node:assert/strict";
import {
  type Decision,
  decideRetry,
  type Failure,
  LimitLasts,
  type Repeats,
  withRetries,
} from "../../../../components/inventory/http/retry-policy";

const now = Date.parse("2026-01-01T00:00:00Z");
const secondaryWords = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

function github(change: Partial<Failure>): Failure {
  return { server: "github", method: "GET", headers: {}, message: "GitHub's words", ...change };
}

function registry(change: Partial<Failure>): Failure {
  return { server: "registry", method: "GET", headers: {}, message: "", ...change };
}

function decide(failure: Failure, repeats: Partial<Repeats> = {}): Decision {
  return decideRetry(failure, { limits: 0, failures: 0, ...repeats }, now);
}

const giveUp = { action: "give up" };

describe("the policy of retries", () => {
  describe("when GitHub's secondary limit is reached", () => {
    for (const status of [403, 429]) {
      it(`waits as long as is asked for: ${status}`, () => {
        const failure = github({ status, message: secondaryWords, headers: { "retry-after": "30", "x-ratelimit-remaining": "0" } });
        assert.deepEqual(decide(failure), { action: "retry", limit: "secondary", seconds: 30 });
      });

      it(`waits a minute and doubles it where nothing is asked for: ${status}`, () => {
        const waits = [0, 1, 2, 3, 4].map((limits) => decide(github({ status, message: secondaryWords }), { limits }));
        assert.deepEqual(
          waits,
          [60, 120, 240, 480, 960].map((seconds) => ({ action: "retry", limit: "secondary", seconds })),
        );
      });
    }
  });

  describe("when GitHub's primary limit is used up", () => {
    for (const status of [403, 429]) {
      it(`waits until a second after its reset: ${status}`, () => {
        const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1_000 + 600) };
        assert.deepEqual(decide(github({ status, headers })), { action: "retry", limit: "primary", seconds: 601 });
      });
    }

    it("does not wait for a reset that is past", () => {
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1_000 - 600) };
      assert.deepEqual(decide(github({ status: 403, headers })), { action: "retry", limit: "primary", seconds: 0 });
    });
  });

  describe("when GitHub limits the rate without saying which limit it is", () => {
    it("waits as long as `retry-after` asks for", () => {
      for (const status of [403, 429]) {
        const failure = github({ status, headers: { "retry-after": "20", "x-ratelimit-remaining": "4999" } });
        assert.deepEqual(decide(failure), { action: "retry", limit: "unnamed", seconds: 20 });
      }
    });

    it("waits a minute after a bare 429, and doubles it", () => {
      assert.deepEqual(decide(github({ status: 429 })), { action: "retry", limit: "unnamed", seconds: 60 });
      assert.deepEqual(decide(github({ status: 429 }), { limits: 2 }), { action: "retry", limit: "unnamed", seconds: 240 });
    });

    it("compares a date with GitHub's own clock", () => {
      const headers = { "retry-after": "Fri, 02 Jan 2026 00:00:40 GMT", date: "Fri, 02 Jan 2026 00:00:00 GMT" };
      assert.deepEqual(decide(github({ status: 403, headers })), { action: "retry", limit: "unnamed", seconds: 40 });
    });
  });

  describe("when GitHub limits the rate in words only, without a header", () => {
    const words = "API rate limit exceeded for installation ID 17536452.";

    it("waits a minute and doubles it", () => {
      const waits = [0, 1, 2, 3, 4].map((limits) => decide(github({ status: 403, message: words }), { limits }));
      assert.deepEqual(
        waits,
        [60, 120, 240, 480, 960].map((seconds) => ({ action: "retry", limit: "primary", seconds })),
      );
    });

    it("does the same where the limit is used up and no reset is told", () => {
      const headers = { "x-ratelimit-remaining": "0" };
      for (const message of [words, "GitHub's words"]) {
        assert.deepEqual(decide(github({ status: 403, message, headers }), { limits: 1 }), {
          action: "retry",
          limit: "primary",
          seconds: 120,
        });
      }
    });
  });

  describe("when a permission is refused", () => {
    it("gives up: its 403 carries nothing of a limit", () => {
      assert.deepEqual(decide(github({ status: 403, headers: { "x-ratelimit-remaining": "4999" } })), giveUp);
    });
  });

  describe("when a limit lasts", () => {
    it("gives up after five waits for GitHub, and four for the registry", () => {
      assert.deepEqual(decide(github({ status: 429 }), { limits: 5 }), { ...giveUp, limit: "unnamed" });
      assert.equal(decide(registry({ status: 429 }), { limits: 3 }).action, "retry");
      assert.deepEqual(decide(registry({ status: 429 }), { limits: 4 }), { ...giveUp, limit: "registry" });
    });

    it("gives up at once where it asks for more than 65 minutes", () => {
      const asked = (seconds: number) => ({ headers: { "retry-after": String(seconds) } });
      assert.equal(decide(github({ status: 403, ...asked(3_900) })).action, "retry");
      assert.equal(decide(github({ status: 403, ...asked(3_901) })).action, "give up");
      assert.equal(decide(registry({ status: 429, ...asked(3_901) })).action, "give up");
      assert.equal(decide(registry({ status: 503, ...asked(3_901) })).action, "give up");
    });
  });

  describe("when GitHub refuses for good", () => {
    for (const status of [304, 400, 401, 403, 404, 410, 422, 451]) {
      it(`gives up at once: ${status}`, () => assert.deepEqual(decide(github({ status })), giveUp));
    }
  });

  describe("when a server fails", () => {
    for (const status of [500, 502, 503, 504, undefined]) {
      it(`asks GitHub three times more, and later each time: ${status ?? "no response"}`, () => {
        const failure = github(status === undefined ? {} : { status });
        const decisions = [0, 1, 2, 3].map((failures) => decide(failure, { failures }));
        assert.deepEqual(decisions, [...[1, 4, 9].map((seconds) => ({ action: "retry", seconds })), giveUp]);
      });

      it(`asks the registry four times more, and later each time: ${status ?? "no response"}`, () => {
        const failure = registry(status === undefined ? {} : { status });
        const decisions = [0, 1, 2, 3, 4].map((failures) => decide(failure, { failures }));
        assert.deepEqual(decisions, [...[0.3, 0.6, 1.2, 2.4].map((seconds) => ({ action: "retry", seconds })), giveUp]);
      });
    }

    it("waits as long as a 503 asks for", () => {
      assert.deepEqual(decide(registry({ status: 503, headers: { "retry-after": "7" } })), { action: "retry", seconds: 7 });
    });

    it("repeats a write of GitHub's too: a deletion that is repeated deletes nothing else", () => {
      assert.equal(decide(github({ method: "DELETE", status: 502 })).action, "retry");
    });
  });

  describe("when the registry limits the rate", () => {
    it("waits as long as is asked for, and else a moment", () => {
      assert.deepEqual(decide(registry({ status: 429, headers: { "retry-after": "3" } })), {
        action: "retry",
        limit: "registry",
        seconds: 3,
      });
      assert.deepEqual(decide(registry({ status: 429 }), { limits: 1 }), { action: "retry", limit: "registry", seconds: 0.6 });
    });
  });

  describe("when a PUT to the registry fails", () => {
    for (const status of [429, 500, 503, undefined]) {
      it(`sends it once: ${status ?? "no response"}`, () => {
        assert.equal(decide(registry({ method: "PUT", ...(status === undefined ? {} : { status }) })).action, "give up");
      });
    }
  });
});

describe("a request that is repeated", () => {
  const failed = new Error("failed");

  /** Fails as given, then succeeds. Returns the result, and each limit that was reported. */
  async function run(...failures: (Failure | undefined)[]): Promise<{ result: string; limits: unknown[] }> {
    const left = [...failures];
    const limits: unknown[] = [];
    const options = {
      second: 0,
      failureOf: () => left.shift(),
      onLimit: (...limit: unknown[]) => void limits.push(limit),
    };
    const result = await withRetries(options, async () => {
      if (left.length > 0) throw failed;
      return "done";
    });
    return { result, limits };
  }

  it("counts limits and failures apart", async () => {
    const limit = github({ status: 429 });
    const failure = github({ status: 502 });
    const { result, limits } = await run(limit, limit, limit, limit, limit, failure, failure, failure);
    assert.equal(result, "done");
    assert.deepEqual(
      limits,
      [60, 120, 240, 480, 960].map((seconds) => ["unnamed", seconds]),
    );
  });

  it("ends with the error itself", async () => {
    await assert.rejects(run(...Array.from({ length: 4 }, () => github({ status: 500 }))), failed);
  });

  it("says that a limit ended it, after how many waits, and what the last attempt's error was", async () => {
    const endOf = (...failures: Failure[]) => run(...failures).catch((error: unknown) => error);
    const tooLong = github({ status: 429, headers: { "retry-after": "9999" } });
    for (const [waits, end] of [
      [5, await endOf(...Array.from({ length: 6 }, () => github({ status: 429 })))],
      [1, await endOf(github({ status: 429 }), github({ status: 502 }), tooLong)],
      [0, await endOf(tooLong)],
    ] as const) {
      assert.ok(end instanceof LimitLasts);
      assert.deepEqual([end.waits, end.cause], [waits, failed]);
    }
  });

  it("ends a wait with the reason of the signal, and does not ask again", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped");
    let attempts = 0;
    const options = {
      second: 1_000,
      failureOf: () => github({ status: 429 }),
      onLimit: () => controller.abort(reason),
      signal: controller.signal,
    };
    const attempt = () => {
      attempts += 1;
      return Promise.reject(failed);
    };
    await assert.rejects(withRetries(options, attempt), reason);
    assert.equal(attempts, 1);
  });

  it("ends at once with an error that no server sent", async () => {
    await assert.rejects(run(undefined), failed);
  });
});
