import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { pushMultiArchImage } from "../../../sandbox";

const Ready = z.strictObject({ githubApiUrl: z.url(), registryUrl: z.url(), token: z.string() });
const root = path.join(__dirname, "..", "..", "..");

function run(...args: string[]): ChildProcess {
  return spawn(process.execPath, [path.join("bin", "sandbox", "main.js"), ...args], { cwd: root });
}

async function ready(child: ChildProcess): Promise<z.infer<typeof Ready>> {
  let out = "";
  for await (const chunk of child.stdout ?? []) {
    out += String(chunk);
    if (out.endsWith("\n")) break;
  }
  return Ready.parse(JSON.parse(out));
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.kill(signal);
  return exited;
}

describe("the sandbox on the command line", function () {
  this.timeout(60_000);

  it("prints where it is as one line of JSON, and ends when told", async () => {
    const child = run("--now", "2023-12-01T00:00:00Z");
    const { githubApiUrl, registryUrl, token } = await ready(child);
    const answer = await fetch(`${githubApiUrl}/users/logto-io`, { headers: { authorization: `token ${token}` } });
    assert.equal(answer.headers.get("date"), "Fri, 01 Dec 2023 00:00:00 GMT");
    assert.equal((await fetch(`${registryUrl}/v2/`)).status, 401);
    assert.equal(await end(child, "SIGTERM"), 0);
  });

  it("loses nothing that was answered, when it is killed", async () => {
    const dir = mkdtempSync(path.join(tmpdir(), "sandbox-"));
    try {
      const first = run("--dir", dir);
      const before = await ready(first);
      const pushed = await pushMultiArchImage({ ...before, repository: "logto-io/logto" }, { seed: "one", tags: ["v1"] });
      await end(first, "SIGKILL");
      const second = run("--dir", dir);
      const after = await ready(second);
      assert.equal(after.token, before.token);
      const list = `${after.githubApiUrl}/orgs/logto-io/packages/container/logto/versions`;
      const answer = await fetch(list, { headers: { authorization: `token ${after.token}` } });
      const names = z
        .array(z.object({ name: z.string() }))
        .parse(await answer.json())
        .map(({ name }) => name);
      assert.equal(names.length, 5);
      assert.equal(names[0], pushed.index);
      await end(second, "SIGTERM");
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  const output = (child: ChildProcess, name: "stdout" | "stderr") => {
    const stream = child[name];
    assert.ok(stream !== null);
    return text(stream);
  };

  it("says what it is, and what is wrong with its arguments", async () => {
    assert.match(await output(run("--help"), "stdout"), /for experiments and tests/);
    assert.match(await output(run("--port", "many"), "stderr"), /--port many: expected a port number/);
  });
});
