import assert from "node:assert/strict";
import fc from "fast-check";
import type { Finding } from "../../../components/review/finding";
import { maxCommentBytes, renderMarkdown } from "../../../components/review/markdown";
import { recall } from "../../../components/review/previous-comment";
import { digestOf } from "../../support/builders/package";
import { reported, reviewWith } from "../../support/builders/reviewed";

/** What GitHub takes: https://github.com/orgs/community/discussions/27190 */
const githubTakes = 65_536;

interface Size {
  readonly packages: number;
  readonly images: number;
  readonly parts: number;
  readonly name: string;
  readonly text: string;
  readonly alerts: number;
  readonly withheld: number;
  readonly state: number;
}

const id = (place: number) => `2026-11-23-${place.toString(16).padStart(12, "0")}`;

/** A preview's finding of such a size, as the inputs and the report would have it. */
function finding(place: number, { images, parts, name, text, alerts, withheld, state }: Size): Finding {
  const label = `acme/${name}-${place}`;
  if (state === 0) return { name: label, warnings: [text], failure: text.repeat(20) };
  if (state === 1) return { name: label, warnings: [], report: reported("nothing to delete: keep all 3 versions") };
  const deletions: Record<string, string> = {};
  for (let image = 0; image < images; image++) {
    deletions[digestOf(`${place} ${image}`)] = `${name.slice(0, 100)}-${image}, 9 days old (drop-${"x".repeat(50)})`;
    for (let part = 0; part < parts; part++) {
      deletions[digestOf(`${place} ${image} ${part}`)] = `linux/arm${part} of ${name.slice(0, 100)}-${image}`;
    }
  }
  const plan = id(place);
  const paragraphs = [
    `plan ${plan}: delete ${Object.keys(deletions).length} of 99999 versions (${images} images), keep 1, ${withheld} withheld`,
    `waiting for approval, nothing is deleted until then. To approve exactly this:\n  pulumi config set --path 'ghcr-retention:organizations[0].overrides["${label.slice(5)}"].approve' ${plan}`,
    ...Array.from({ length: alerts }, () => `warning: ${text}`),
    ...Array.from({ length: alerts }, () => text.replaceAll("\n", " ")),
    `withheld, since something keeps it:\n${`  ${text.replaceAll("\n", " ")}\n`.repeat(withheld)}`,
  ];
  const inputs = {
    owner: "acme",
    package: label,
    deletions: {},
    plans: {},
    deleted: {},
    restoring: {},
    candidates: {},
    pending: { id: plan, deletions, tags: {} },
  };
  return { name: label, report: reported(paragraphs.join("\n\n"), inputs), warnings: [text] };
}

const anyText = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.constantFrom("@@@@".repeat(400), "<&>`|".repeat(300), "🚀".repeat(500), "日本".repeat(900)),
);
const size: fc.Arbitrary<Size> = fc.record({
  packages: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 400 })),
  images: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 100 })),
  parts: fc.integer({ min: 0, max: 4 }),
  name: fc.constantFrom("app", "x".repeat(100), "team/deep/".repeat(24).slice(0, 240)),
  text: anyText,
  alerts: fc.integer({ min: 0, max: 30 }),
  withheld: fc.integer({ min: 0, max: 45 }),
  state: fc.integer({ min: 0, max: 6 }),
});

describe("the review as Markdown, whatever its size", function () {
  this.timeout(120_000);

  function rendered(findings: readonly Finding[], more: object = {}, previous?: string): string {
    const text = renderMarkdown(reviewWith(findings, more), previous === undefined ? {} : { previous: { known: recall(previous) } });
    assert.ok(Buffer.byteLength(text) <= maxCommentBytes, `${Buffer.byteLength(text)} bytes`);
    assert.ok(text.length <= maxCommentBytes && maxCommentBytes < githubTakes);
    assert.ok(text.startsWith("<!-- ghcr-retention:prod -->\n"));
    return text;
  }

  it("fits into a comment, and names every package whose plan waits or says how many it cut", () => {
    fc.assert(
      fc.property(size, size, (one, other) => {
        const findings = Array.from({ length: one.packages }, (_, place) =>
          finding(place, { ...(place % 2 === 0 ? one : other), name: one.name }),
        );
        const errors = Array.from({ length: one.alerts }, () => other.text);
        const text = rendered(findings, { errors, notes: errors, organizations: [{ name: other.text, headline: one.text }] });
        const waiting = findings.flatMap(({ report }) => report?.plans ?? []);
        const withLine = waiting.filter((plan) => text.includes(`.approve' ${plan.id}`)).length;
        const cut = Number(/lines that approve the plans of (\d+) packages?\./.exec(text)?.[1] ?? 0);
        assert.ok(withLine + cut >= waiting.length, `${withLine} lines and ${cut} cut of ${waiting.length}`);
        rendered(findings, {}, text);
      }),
      { numRuns: 12 },
    );
  });

  it("cuts rows before it cuts packages: 40 packages and 10,000 deletions", () => {
    const findings = Array.from({ length: 40 }, (_, place) =>
      finding(place, { packages: 40, images: 50, parts: 4, name: "app", text: "x", alerts: 0, withheld: 0, state: 5 }),
    );
    const text = rendered(findings);
    assert.equal(text.match(/\nTo approve exactly this:\n/g)?.length, 40);
    assert.match(text, /\n\d+ rows of 50 cut for want of room: `pulumi preview --diff` shows every digest\.\n/);
  });

  it("keeps every line that approves: 400 packages and 10,000 deletions", () => {
    const findings = Array.from({ length: 400 }, (_, place) =>
      finding(place, { packages: 400, images: 5, parts: 4, name: "app", text: "x", alerts: 1, withheld: 3, state: 5 }),
    );
    const text = rendered(findings);
    for (const { report } of findings) for (const plan of report?.plans ?? []) assert.ok(text.includes(`.approve' ${plan.id}`), plan.id);
    assert.match(text, /Of \d+ packages the details are cut for want of room/);
    const rows = text.match(/^\| `acme\/app-\d+` \| waits for approval \| – \| 25 versions \| 3 \|/gm)?.length ?? 0;
    assert.ok(rows >= 5, `${rows} rows`);
    assert.ok(text.includes(`\nThis table leaves out ${400 - rows} packages for want of room.\n`));
  });

  it("says of how many plans it cut the line: 400 packages with names as long as they get", () => {
    const name = "team/deep/".repeat(24).slice(0, 240);
    const findings = Array.from({ length: 400 }, (_, place) =>
      finding(place, { packages: 400, images: 1, parts: 1, name, text: "x", alerts: 0, withheld: 0, state: 5 }),
    );
    const text = rendered(findings);
    const lines = text.match(/^pulumi config set /gm)?.length ?? 0;
    assert.ok(lines > 50, `${lines} lines`);
    assert.ok(
      text.includes(`> [!WARNING]\n> Cut as well are the lines that approve the plans of ${400 - lines} packages.\n`),
      text.slice(0, 500),
    );
    assert.match(text, /, \d+ packages that are not named here\n/);
  });
});
