import assert from "node:assert/strict";
import { approvalLine } from "../../../components/report/approval-line";
import { undoLines } from "../../../components/review/undo-lines";

const [one, other] = ["2026-11-22-000000000001", "2026-11-23-000000000002"];
const linesFor = (place: Parameters<typeof approvalLine>[0], id: string, restored: number) =>
  undoLines(id, approvalLine(place)(id), restored);

describe("the lines that undo a plan", () => {
  it("stand where its approval stands, behind the entries that are there", () => {
    const place = { configPath: "ghcr-retention:organizations[0]", member: "app" };
    assert.deepEqual(linesFor(place, one, 1), [
      `pulumi config set --path 'ghcr-retention:organizations[0].overrides["app"].restore[1]' ${one}`,
    ]);
  });

  it("are one for each plan that is being carried out", () => {
    assert.deepEqual(linesFor({ configPath: "ghcr-retention:policies[0]" }, `${one} + ${other}`, 0), [
      `pulumi config set --path 'ghcr-retention:policies[0].restore[0]' ${one}`,
      `pulumi config set --path 'ghcr-retention:policies[0].restore[1]' ${other}`,
    ]);
  });

  it("are an argument, where a program declares the policy or nobody knows its place", () => {
    assert.deepEqual(linesFor({ configPath: undefined }, one, 0), [`restore: ["${one}"]`]);
    assert.deepEqual(undoLines(`${one} + ${other}`, undefined, 2), [`restore: […, "${one}", "${other}"]`]);
  });
});
