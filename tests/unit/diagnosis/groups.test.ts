import assert from "node:assert/strict";
import { renderDiagnosis } from "../../../components/command-line/render-diagnosis";
import type { Finding, SubjectFindings } from "../../../components/diagnosis/finding";

const yes = (ability: Finding["ability"], saw: Extract<Finding["verdict"], { kind: "yes" }>["saw"]): Finding => {
  return { ability, needed: true, verdict: { kind: "yes", saw } };
};

/** A package with so many versions, of which a manifest was read where a tag is given. */
function packageWith(name: string, count: number, read?: string): SubjectFindings {
  const findings = [
    yes("list-versions", { kind: "versions", count }),
    yes("list-deleted", { kind: "deleted", count: 1, timed: true }),
    yes("list-tags", { kind: "tags", listed: 2, served: 2 }),
    ...(read === undefined ? [] : [yes("read-manifest", { kind: "manifest", reference: read })]),
    { ability: "delete", needed: true, verdict: { kind: "unproven", because: "role" } } as const,
  ];
  return { kind: "package", name, findings };
}

const refused = (name: string, status: number): SubjectFindings => {
  const message = `${name}: GitHub answered ${status}: No.`;
  return {
    kind: "package",
    name,
    findings: [{ ability: "list-versions", needed: true, verdict: { kind: "no", because: { kind: "answer", message } } }],
  };
};
const lackOf = ({ name, findings }: SubjectFindings) => {
  const [finding] = findings;
  assert.ok(finding?.verdict.kind === "no" && finding.verdict.because.kind === "answer");
  return { kind: "answer", ability: finding.ability, subject: name, message: finding.verdict.because.message } as const;
};

describe("what the token can do with many packages", () => {
  it("is said once of those of which the same is found, with their numbers summed up", () => {
    const subjects = Array.from({ length: 25 }, (_, place) => packageWith(`acme/p${place}`, 10, place === 0 ? "prod" : undefined));
    const text = renderDiagnosis({ token: { kind: "classic" }, subjects, lacks: [] });
    const [, section = ""] = text.split("\n\n");
    const [head = "", ...lines] = section.split("\n");
    assert.match(head, /^25 packages: acme\/p0, acme\/p1, .*acme\/p19 and 5 more$/);
    assert.deepEqual(
      lines.map((line) => line.trim().replaceAll(/ {2,}/g, "  ")),
      [
        "list versions  yes: 250 versions, as many as GitHub counts",
        "list deleted versions  yes: 25 versions that GitHub can restore",
        "list tags  yes: 50 tags in the registry, 50 on GitHub's list",
        "read a manifest  yes: prod of acme/p0",
        "delete  unproven: the scopes suffice, and GitHub does not tell the role on the package; Admin is needed",
      ],
    );
  });

  it("is said apart where it differs, and what is missing once for each reason", () => {
    const subjects = [
      packageWith("acme/a", 3, "prod"),
      refused("acme/b", 403),
      packageWith("acme/c", 4),
      refused("acme/d", 403),
      refused("acme/e", 404),
    ];
    const lacks = subjects.filter(({ findings }) => findings.length === 1).map(lackOf);
    const text = renderDiagnosis({ token: { kind: "classic" }, subjects, lacks });
    assert.deepEqual(
      text.split("\n").filter((line) => /^\S*\d* ?(packages: )?acme\//.test(line)),
      ["2 packages: acme/a, acme/c", "2 packages: acme/b, acme/d", "acme/e"],
    );
    assert.match(
      text,
      /\nmissing:\n {2}list versions: acme\/b: GitHub answered 403: No\. \(and the same for acme\/d\)\n {2}list versions: acme\/e: GitHub answered 404: No\.\n/,
    );
  });
});
