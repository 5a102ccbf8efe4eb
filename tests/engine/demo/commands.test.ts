import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { Commands, commandLine } from "../../../demo/stage/commands";

describe("the demo's commands", () => {
  const commands = () => new Commands(process.cwd(), process.env);

  it("tell their exit code and all that they printed", async () => {
    const ran = await commands().run("sh", ["-c", "cat; echo oops >&2; exit 3"], "input\n");
    assert.deepEqual([ran.code, ran.output.split("\n").sort()], [3, ["", "input", "oops"]]);
    await assert.rejects(commands().run("no-such-command", []), /cannot run 'no-such-command'/);
  });

  it("end with what they started when they are stopped, and start no more", async () => {
    const stopped = commands();
    const running = stopped.run("sh", ["-c", "sleep 600; echo on"]);
    await wait(100);
    await stopped.stop();
    assert.equal((await running).code, 1);
    await assert.rejects(stopped.run("true", []), /interrupted/);
  });

  it("are written so that a shell takes them", async () => {
    const args = ["config", "set", "--path", "ghcr-retention:policies[0].approve", "it's"];
    const line = commandLine("printf", ["%s\\n", ...args]);
    const { output } = await commands().run("sh", ["-c", line]);
    assert.deepEqual(output.split("\n"), [...args, ""]);
    assert.equal(commandLine("pulumi", ["up", "--yes"]), "pulumi up --yes");
  });
});
