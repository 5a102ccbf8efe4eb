import assert from "node:assert/strict";
import { connect } from "../../../../components/inventory/connection";
import { countVersions } from "../../../../components/inventory/github/packages-api";
import { resolveReference } from "../../../../components/inventory/registry/registry";
import { type FaultRequest, type Sandbox, startSandbox } from "../../../../sandbox";
import { now, PackageWorld, small } from "../../../support/engine/world";

const name = { owner: "acme", name: "app" };
const route = { kind: "orgs", ...name } as const;

type Effect = FaultRequest["effect"];

/** A limit of each form that GitHub is known to answer with, and how long it asks to wait, seconds. */
const limits: Readonly<Record<string, { readonly effect: Effect; readonly seconds: number; readonly which: string }>> = {
  "secondary, with retry-after": {
    effect: { kind: "rate-limit", retryAfterSeconds: 30 },
    seconds: 30,
    which: "secondary rate limit is reached",
  },
  "secondary, without": { effect: { kind: "rate-limit" }, seconds: 60, which: "secondary rate limit is reached" },
  "secondary, as 429": { effect: { kind: "rate-limit", status: 429 }, seconds: 60, which: "secondary rate limit is reached" },
  "a 403 with nothing but retry-after": {
    effect: { kind: "status", status: 403, body: { message: "Slow down" }, headers: { "retry-after": "20" } },
    seconds: 20,
    which: "limits the rate",
  },
  "a 429 with nothing but retry-after": {
    effect: { kind: "status", status: 429, body: { message: "Slow down" }, headers: { "retry-after": "20" } },
    seconds: 20,
    which: "limits the rate",
  },
  "a 403 in words only": {
    effect: { kind: "status", status: 403, body: { message: "API rate limit exceeded for installation ID 17536452." } },
    seconds: 60,
    which: "primary rate limit is reached",
  },
  "a bare 429": { effect: { kind: "status", status: 429, body: { message: "Slow down" } }, seconds: 60, which: "limits the rate" },
};

describe("a rate limit", function () {
  this.timeout(30_000);

  let sandbox: Sandbox;
  let told: string[];
  let connections = 0;

  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    await new PackageWorld(sandbox, "acme/app").deploy(small);
    told = [];
  });
  afterEach(() => sandbox.close());

  /** A second of waiting lasts a millisecond. */
  function connection() {
    const { githubApiUrl, registryUrl, token } = sandbox;
    const deletionsPerMinute = 60_000 + ++connections;
    return connect({ githubApiUrl, registryUrl, deletionsPerMinute, cacheFolder: undefined }, token, 1, (text) => void told.push(text));
  }

  for (const [what, { effect, seconds, which }] of Object.entries(limits)) {
    describe(`when GitHub answers with one: ${what}`, () => {
      it("waits as long as is asked for, says until when, and goes on", async () => {
        sandbox.addFault({ match: { surface: "api" }, effect });
        assert.equal(await countVersions(connection().github, name, route), 6);
        assert.equal(told.length, 1);
        assert.match(told[0] ?? "", new RegExp(`^GitHub.*${which}: going on at \\d\\d:\\d\\d:\\d\\d UTC, in ${seconds} s$`));
      });
    });
  }

  describe("when the primary limit is used up", () => {
    it("waits until it is reset", async () => {
      const effect = { kind: "rate-limit" as const, limit: "primary" as const, resetAfterSeconds: 600 };
      sandbox.setClock(new Date());
      sandbox.addFault({ match: { surface: "api" }, effect });
      assert.equal(await countVersions(connection().github, name, route), 6);
      assert.match(told.join("\n"), /^GitHub's primary rate limit is reached: going on at \d\d:\d\d:\d\d UTC, in (59\d|60\d) s$/);
    });
  });

  describe("when a workflow's token is past its limit, which GitHub tells in words only", () => {
    it("waits a minute, doubled each time, and says that it waited several times", async () => {
      const { githubApiUrl, registryUrl } = sandbox;
      const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute: 60_000, cacheFolder: undefined };
      const token = sandbox.createToken({ kind: "installation" });
      sandbox.setLimits({ enforce: true, hourly: 1 });
      const { github } = connect(endpoints, token, 1, (text) => void told.push(text));
      assert.equal(await countVersions(github, name, route), 6);
      await assert.rejects(
        countVersions(github, name, route),
        /^RetentionError: acme\/app: GitHub answered 403: API rate limit exceeded for installation ID 17536452\. The limit lasted through several waits/,
      );
      assert.deepEqual(
        told.map((text) => /in (\d+) s$/.exec(text)?.[1]),
        ["60", "120", "240", "480", "960"],
      );
    });
  });

  describe("when many requests wait for the same", () => {
    it("is told once", async () => {
      const asked = connection();
      sandbox.addFault({ match: { surface: "api" }, times: 8, effect: { kind: "rate-limit", retryAfterSeconds: 60 } });
      await Promise.all(Array.from({ length: 8 }, () => countVersions(asked.github, name, route)));
      assert.equal(told.length, 1);
    });
  });

  describe("when it lasts", () => {
    for (const effect of [{ kind: "rate-limit" }, { kind: "status", status: 429, body: { message: "Slow down" } }] satisfies Effect[]) {
      it(`gives up after some tries, and says so: ${effect.kind}`, async () => {
        sandbox.addFault({ match: { surface: "api" }, times: null, effect });
        sandbox.clearRequests();
        await assert.rejects(
          countVersions(connection().github, name, route),
          /^RetentionError: acme\/app: GitHub answered 4\d\d: .*run again later/,
        );
        assert.equal(sandbox.requests().length, 6);
      });
    }
  });

  describe("when it is the registry's", () => {
    it("waits and goes on", async () => {
      const effect = { kind: "rate-limit" as const, retryAfterSeconds: 0 };
      sandbox.addFault({ match: { surface: "registry" }, times: 2, effect });
      assert.match((await resolveReference(connection().registry, name, "prod")) ?? "", /^sha256:/);
      assert.deepEqual(told, []);
    });
  });
});
