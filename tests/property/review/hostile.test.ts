import assert from "node:assert/strict";
import fc from "fast-check";
import { renderMarkdown } from "../../../components/review/markdown";
import { code, details, fenced, plain } from "../../../components/review/markdown-text";
import { pictureUrls } from "../../../components/review/picture-files";
import { recall, remembered } from "../../../components/review/previous-comment";
import { childOf, image, index } from "../../support/builders/package";
import { findingOn, reported, reviewWith } from "../../support/builders/reviewed";

const nasty = [
  "<img src=x onerror=alert(1)>",
  "`<script>alert(1)</script>`",
  "a | b | c",
  "a \\| b \\",
  "@octocat",
  "#1",
  "https://evil.example/x",
  "www.evil.example",
  "[click](https://evil.example)",
  "![x](https://evil.example/x.png)",
  "-->",
  "</details>",
  "</script><script>alert(1)</script>",
  "line\n\n# heading\n- [ ] task",
  "\u202Egnp.exe",
  "\u0000\u001b[31m",
  "~~~\n```\n",
  "&lt;b&gt;",
  "> [!NOTE]",
  "1. one",
];

/** What Markdown and HTML may read as more than text: outside of code and of the characters that are escaped. */
function loose(markdown: string): string {
  return markdown
    .replaceAll(/\\[\\`*_[\]|~$]/g, "")
    .replaceAll(/`[^`]*`/g, "")
    .replaceAll("&#8203;", "\u200b");
}

describe("hostile text in a review", () => {
  for (const text of nasty) {
    it(`is nothing but text: ${JSON.stringify(text)}`, () => {
      assert.match(code(text), /^(–|`[^`|\\\n\r]+`)$/);
      const sentence = plain(`broken (ghost): ${text} lists 2 manifests`);
      assert.doesNotMatch(loose(sentence), /[<>`*_[\]|~\\\n]/);
      assert.doesNotMatch(loose(sentence), /@[a-z]|#\d|:\/\/|www\./);
      const block = fenced([text]);
      const [opening = ""] = block.split("\n");
      assert.equal(block.split("\n").filter((line) => line === opening).length, opening === block.split("\n").at(-1) ? 2 : 1);
      assert.doesNotMatch(details(text, ""), /<(?!\/?(details|summary)>)[a-z/]|<\/details>[\s\S]*<\/details>/);
    });
  }

  it("stays in the cell, the line or the block where it stands", () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: "binary", maxLength: 60 })), (text) => {
        const artifact = { digest: `sha256:${"a".repeat(64)}`, index: false, label: `artifact (${text})` };
        const world = [
          index("pr", [childOf("amd64", text), artifact], { tags: ["pr-1"], days: 30 }),
          image("amd64", { days: 30 }),
          image("prod", { tags: ["prod"] }),
        ];
        const markdown = renderMarkdown(
          reviewWith([findingOn(world), { ...findingOn(world), name: text }, { name: text, warnings: [text], failure: text }], {
            notes: [text],
            errors: [text],
            organizations: [{ name: text, headline: text }],
          }),
          { pictureOf: pictureUrls("https://pictures.example/{package}.svg") },
        );
        const images = markdown.split("\n").filter((line) => line.startsWith("!["));
        assert.equal(images.length, 2);
        for (const line of images)
          assert.match(line, /^!\[The images of (?:[^[\]\\]|\\.)* over time\]\(https:\/\/pictures\.example\/[\w.~%/-]*\.svg\)$/);
        const tables = [...markdown.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => table.trim().split("\n"));
        const cells = (line: string) => line.replaceAll("\\|", "").split("|").length - 2;
        assert.deepEqual(
          tables.map((table) => [...new Set(table.map(cells))]),
          [[6], [5], [5]],
        );
        const read = loose(markdown.replaceAll(/^```[\s\S]*?^```$/gm, ""));
        assert.equal(read.match(/<details>/g)?.length, read.match(/<\/details>/g)?.length);
        const tags = read.match(/<[a-z!/][^>]*>/gi) ?? [];
        assert.deepEqual(
          tags.filter((tag) => !/^<\/?(details|summary)>$|^<!-- ghcr-retention/.test(tag)),
          [],
        );
        assert.equal(read.match(/<!--/g)?.length, 2);
      }),
      { numRuns: 300 },
    );
  });

  it("comes back from the hidden record as it went in, and never ends it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (name) => {
        const review = reviewWith([{ name: `${name}-->`, warnings: [], report: reported("nothing to delete: keep all 1 versions") }]);
        const hidden = remembered(review, 10_000);
        assert.equal(hidden.indexOf("-->"), hidden.length - 3);
        assert.deepEqual(Object.keys(recall(`x\n${hidden}\ny`)?.packages ?? {}), [`${name}-->`]);
      }),
      { numRuns: 200 },
    );
  });
});
