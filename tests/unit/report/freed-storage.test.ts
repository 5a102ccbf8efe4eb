import assert from "node:assert/strict";
import { decide } from "../../../components/approval/decide";
import { buildGraph } from "../../../components/graph/graph";
import { freedByPlans } from "../../../components/report/freed-storage";
import { statusOf } from "../../../components/report/package-status";
import { renderMarkdown } from "../../../components/review/markdown";
import { decisionOn } from "../../support/builders/decided";
import { childOf, digestOf, type Entry, image, index, packageOf, unread } from "../../support/builders/package";
import { paragraphsOf, pendingOf, policyWith, reportOf } from "../../support/builders/reported";
import { findingOn, packageReview, reported } from "../../support/builders/reviewed";
import { storing } from "../../support/builders/storing";

const prod = [storing(index("prod", [childOf("amd64")], { tags: ["prod"] }), {}), unread("amd64")];
const pr = [storing(image("pr", { tags: ["pr-1"], days: 30 }), { base: 2_000_000, pr: 345_678 })];
const lone = [storing(image("lone", { days: 20 }), { base: 2_000_000, lone: 1 })];
const line = "frees at most 2.35 MB: 1 manifest was not read (`npx ghcr-retention plan --sizes` reads it)";

describe("the storage in a preview of a package", () => {
  it("stands below the table of the plan", () => {
    const paragraphs = reportOf([...prod, ...pr, ...lone]);
    assert.match(paragraphs[0] ?? "", /^plan /);
    assert.equal(paragraphs[2], line);
    assert.match(paragraphs[3] ?? "", /^waiting for approval/);
  });

  it("is said of each plan, without counting a shared layer twice", () => {
    const policy = policyWith();
    const waiting = pendingOf([...prod, ...pr]);
    const approved = { ...policy, approve: waiting.id };
    const report = paragraphsOf(decisionOn([...prod, ...pr, ...lone], approved, { deletions: {}, plans: {}, pending: waiting }), approved);
    assert.deepEqual(
      report.filter((one) => one.startsWith("frees ")).map((one) => one.slice(0, one.indexOf(":"))),
      ["frees at most 346 kB", "frees at most 2.01 MB"],
    );
  });

  it("is left out where nothing is known of it", () => {
    assert.deepEqual(
      reportOf([...prod, image("pr", { tags: ["pr-1"], days: 30 })]).filter((one) => one.startsWith("frees")),
      [],
    );
  });

  it("decides nothing: ids, deletions and reasons are those of a package without sizes", () => {
    const bare = ({ manifest, ...entry }: Entry): Entry => {
      const { blobs: _blobs, ...rest } = manifest ?? { index: false, children: [] };
      return { ...entry, manifest: manifest && rest };
    };
    const entries = [...prod, ...pr, ...lone];
    assert.deepEqual(pendingOf(entries), pendingOf(entries.map(bare)));
  });
});

describe("the storage in the status of a package", () => {
  it("is that of what is left, once an update has deleted a part", () => {
    const entries = [...prod, ...pr, ...lone];
    const policy = policyWith({ approval: "automatic" });
    const decision = decide(buildGraph(packageOf(...entries)), policy, { deletions: {}, plans: {} });
    const storageAfter = (ledger: Record<string, string>) =>
      statusOf({ ledger }, { decision, policy }, { frees: freedByPlans({ ledger }, decision) }).storage;
    assert.deepEqual(storageAfter({}), { bytes: 2_345_679, accuracy: "at-most", unread: 1 });
    const deletedAt = (time: string) => ({ [digestOf("pr")]: `1 x ${time}/2026-12-23: z` });
    assert.deepEqual(storageAfter(deletedAt("2026-11-23T05:00:01Z")), { bytes: 2_000_001, accuracy: "at-most", unread: 1 });
    // It was restored since, and keeps what it shares.
    assert.deepEqual(storageAfter(deletedAt("2026-11-20T05:00:00Z")), { bytes: 1, accuracy: "at-most", unread: 1 });
  });
});

describe("the storage in a review", () => {
  const entries = [...prod, ...pr, ...lone];
  it("is one sentence beside the numbers of the plan", () => {
    const text = renderMarkdown({ stack: "prod", packages: [packageReview(findingOn(entries))], organizations: [], notes: [], errors: [] });
    assert.match(text, / withheld\. It frees at most 2\.35 MB: 1 manifest was not read \(`npx ghcr-retention plan --sizes` reads it\)\.\n/);
  });
  it("is the same of a saved preview", () => {
    const text = reportOf(entries).join("\n\n");
    assert.deepEqual(
      reported(text).plans.map(({ storage }) => storage),
      [line],
    );
    assert.deepEqual(
      reported(text).notices.filter((one) => one.includes("frees")),
      [],
    );
  });
});
