import assert from "node:assert/strict";
import { renderMarkdown } from "../../../components/review/markdown";
import { pictureFiles, pictureUrls } from "../../../components/review/picture-files";
import { image } from "../../support/builders/package";
import { findingOn, reported, reviewWith } from "../../support/builders/reviewed";

const finding = findingOn([image("pr", { tags: ["pr-1"], days: 30 }), image("prod", { tags: ["prod"] })], {
  policy: { owner: "acme", package: "team/app" },
});
const idle = { name: "acme/idle", report: reported("nothing to delete: keep all 3 versions, 0 withheld"), warnings: [] };

describe("the pictures of a review as files", () => {
  it("are one for each package of which images are known, named after it", () => {
    const files = pictureFiles(reviewWith([finding, idle]));
    assert.deepEqual(
      files.map(({ path }) => path),
      ["acme/team/app.svg"],
    );
    assert.match(files[0]?.svg ?? "", /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg [\s\S]*<style>[\s\S]*prefers-color-scheme: dark/);
  });

  it("are written nowhere else, whatever a saved preview calls a package", () => {
    for (const name of ["../../etc/app", "acme/..", "/etc/app", "acme//app", "C:\\app", "acme/.git"]) {
      assert.throws(
        () => pictureFiles(reviewWith([{ ...finding, name }])),
        /^ConfigError: no picture is written of .*: expected the name of a package, such as acme\/app$/,
      );
    }
  });

  describe("when they are published", () => {
    it("stand in the comment, where the URL says", () => {
      for (const [url, found] of [
        ["https://pictures.example/{package}.svg", "https://pictures.example/acme/team/app.svg"],
        ["../blob/pictures/{package}.svg?raw=true", "../blob/pictures/acme/team/app.svg?raw=true"],
      ] as const) {
        const text = renderMarkdown(reviewWith([finding, idle]), { pictureOf: pictureUrls(url) });
        assert.ok(text.includes(`### \`acme/team/app\`\n\n![The images of acme/team/app over time](${found})\n\n`), text);
        assert.equal(text.match(/!\[/g)?.length, 1);
      }
      assert.doesNotMatch(renderMarkdown(reviewWith([finding])), /!\[/);
    });
    it("are refused with what was expected where a URL is none", () => {
      for (const url of [
        "https://pictures.example/app.svg",
        "javascript:{package}",
        "https://a b/{package}",
        "pictures/{package}.svg)",
        "http://x/{package}",
      ]) {
        assert.throws(
          () => pictureUrls(url),
          /^ConfigError: --picture-url .*: expected a URL that begins with https:\/\/, \/ or \.\.\/, with \{package\}/,
        );
      }
    });
  });
});
