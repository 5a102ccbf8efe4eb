import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { leftIn } from "../../support/live/acceptance";

const root = path.join(__dirname, "..", "..", "..");

describe("a live run on the command line", function () {
  this.timeout(60_000);

  const sandbox = useSandbox({});

  function run(args: readonly string[], tokens: NodeJS.ProcessEnv = {}): ChildProcess {
    const { GITHUB_TOKEN: _, GITHUB_READ_TOKEN: __, ...env } = process.env;
    return spawn(process.execPath, [path.join("bin", "live", "main.js"), ...args], { cwd: root, env: { ...env, ...tokens } });
  }
  const servers = () => ["--owner", "acme", "--api", sandbox().githubApiUrl, "--registry", sandbox().registryUrl];

  async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
    const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
    assert.ok(child.stdout && child.stderr);
    const [code, out, err] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
    return { code, out, err };
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`removes its package after ${signal}, and says so`, async () => {
      const { token } = sandbox();
      const child = run(servers(), { GITHUB_TOKEN: token });
      const done = ended(child);
      let seen = "";
      child.stderr?.on("data", (chunk) => {
        seen += String(chunk);
        if (/^4 of \d+: /m.test(seen)) child.kill(signal);
      });
      const { code, out, err } = await done;
      assert.deepEqual([code, out], [signal === "SIGINT" ? 130 : 143, ""], err);
      assert.match(err, new RegExp(`\n${signal}: removing the package of this run …\n`));
      assert.match(err, /\nacme\/ghcr-retention-probe-[0-9a-f]{12} is removed\nerror: interrupted by SIG/);
      assert.ok(!err.includes(token));
      assert.deepEqual(leftIn(sandbox()), []);
    });
  }

  it("names what is missing before anything is written", async () => {
    const readOnly = sandbox().createToken({ scopes: ["read:packages"] });
    const all = { GITHUB_TOKEN: sandbox().token };
    const refusals = [
      [[], {}, /^error: --owner is missing: expected the name of a GitHub user or organisation/],
      [servers(), {}, /^error: no token: set GITHUB_TOKEN; .* needs the scopes read:packages, delete:packages and write:packages/],
      [
        servers(),
        { GITHUB_TOKEN: readOnly },
        /^error: GITHUB_TOKEN has the scopes read:packages; a live run also needs write:packages, delete:packages/,
      ],
      [
        servers(),
        { ...all, GITHUB_READ_TOKEN: sandbox().token },
        /^error: GITHUB_READ_TOKEN has the scopes .*; expected read:packages alone/,
      ],
      [[...servers(), "--write"], all, /^error: --write records what GitHub itself does/],
    ] as const;
    for (const [args, tokens, message] of refusals) {
      const { code, err } = await ended(run(args, tokens));
      assert.equal(code, 1);
      assert.match(err, message);
    }
    assert.deepEqual(
      sandbox()
        .requests()
        .filter(({ method }) => method !== "GET"),
      [],
    );
  });

  it("says what it does", async () => {
    const { code, out } = await ended(run(["--help"]));
    assert.equal(code, 0);
    assert.match(out, /^Usage: npm run test:live -- --owner LOGIN/);
  });
});
