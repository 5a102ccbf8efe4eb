import assert from "node:assert/strict";
import { Narrator } from "../../../demo/output/narrator";

function listen(isTTY: boolean): { narrator: Narrator; heard: () => string } {
  let text = "";
  const out = {
    isTTY,
    write: (part: string | Uint8Array) => {
      text += String(part);
      return true;
    },
  };
  return { narrator: new Narrator(out), heard: () => text };
}

function tell(narrator: Narrator): void {
  narrator.title("Title");
  narrator.progress("January", "first");
  narrator.progress("February", "first");
  narrator.step("a", "Step");
  narrator.command("pulumi preview");
  narrator.printed([`${"word ".repeat(30)}sha256:${"0".repeat(64)}`, "", `  ${"cell  ".repeat(30)}`]);
  narrator.kept("Promise ".repeat(20).trim());
  narrator.failed("expected this\nfound that");
}

describe("the demo's narrator", () => {
  it("writes plain lines where there is no terminal, no more than a chapter's first progress", () => {
    const { narrator, heard } = listen(false);
    tell(narrator);
    assert.ok(!heard().includes("\u001b") && !heard().includes("\r"));
    assert.match(heard(), /January/);
    assert.doesNotMatch(heard(), /February/);
  });

  it("uses colours and passing lines on a terminal", () => {
    const { narrator, heard } = listen(true);
    tell(narrator);
    assert.ok(heard().includes("\u001b[1m"));
    assert.ok(heard().includes("\r\u001b[K  ") && heard().includes("February"));
  });

  it("fits into 100 columns, tables apart, and cuts digests short", () => {
    const { narrator, heard } = listen(false);
    tell(narrator);
    const long = heard()
      .split("\n")
      .filter((line) => line.length > 100);
    assert.deepEqual(
      long.filter((line) => !line.includes("cell  cell")),
      [],
    );
    assert.match(heard(), /sha256:0{12}…/);
  });

  it("says nothing more once it is silenced", () => {
    const { narrator, heard } = listen(true);
    narrator.silence("interrupted");
    narrator.silence("interrupted");
    tell(narrator);
    assert.equal(heard(), "\ninterrupted\n");
  });
});
