import assert from "node:assert/strict";
import { parseSchemeTag, schemesOf, userTagsOf } from "../../../components/graph/tag-schemes";

const hex = "0123456789abcdef".repeat(4);

describe("a tag", () => {
  describe("when a client wrote it for a digest", () => {
    for (const [tag, subjectPrefix, label] of [
      [`sha256-${hex}`, `sha256:${hex}`, "referrers"],
      [`sha256-${hex}.sig`, `sha256:${hex}`, "signature"],
      [`sha256-${hex}.att`, `sha256:${hex}`, "attestation"],
      [`sha256-${hex}.sbom`, `sha256:${hex}`, "SBOM"],
      [`sha256-${hex}.image-locations.imgpkg`, `sha256:${hex}`, "image locations"],
      [`sha256-${hex}.vex`, `sha256:${hex}`, "artifact (.vex)"],
      [`sha256-${hex}.sig.att`, `sha256:${hex}`, "artifact (.sig.att)"],
      [`sha512-${hex}`, `sha512:${hex}`, "referrers"],
      [`sha512-${hex}${hex}`, `sha512:${hex}${hex}`, "referrers"],
    ] as const) {
      it(`${tag.slice(0, 12)}…${tag.slice(71)} belongs to that digest`, () => {
        assert.deepEqual(parseSchemeTag(tag), { subjectPrefix, label });
      });
    }
  });

  describe("when it names the version that carries it", () => {
    for (const [digest, tag] of [
      [`sha256:${hex}`, `sha256-${hex}`],
      [`sha256:${hex}`, `sha256-${hex}.imgpkg`],
      [`sha512:${hex}${"f".repeat(64)}`, `sha512-${hex}`],
    ] as const) {
      it(`is no person's, and says nothing about another, as ${tag.slice(0, 10)}…${tag.slice(71)} on itself`, () => {
        const other = `sha256-${"e".repeat(64)}`;
        assert.deepEqual(userTagsOf({ tags: [tag, "pr-1", other] }), ["pr-1"]);
        assert.deepEqual(
          schemesOf({ digest, tags: [tag, "pr-1", other] }).map(({ subjectPrefix }) => subjectPrefix),
          [other.replace("-", ":")],
        );
      });
    }
  });

  it("of `imgpkg copy --repo-based-tags` is no person's, and says nothing about another", () => {
    const tag = `acme-source-web-sha256-${hex}.imgpkg`;
    assert.deepEqual(userTagsOf({ tags: [tag, "v1", `acme-sha256-${hex}`] }), ["v1", `acme-sha256-${hex}`]);
    assert.deepEqual(schemesOf({ digest: `sha256:${hex}`, tags: [tag] }), []);
  });

  describe("when a person chose it", () => {
    for (const tag of [
      "prod",
      `sha256-${hex.slice(1)}`,
      `sha256-${hex}0`,
      `sha512-${"x".repeat(128)}`,
      "sha256-a",
      `sha256-${hex.toUpperCase()}`,
      `sha256-${hex}.`,
      `sha256-${hex}-amd64`,
      `x-sha256-${hex}`,
      `sha384-${hex}`,
      "sha-0123456",
      "sha256-",
    ]) {
      it(`${tag.slice(0, 20)}… is the person's`, () => assert.equal(parseSchemeTag(tag), undefined));
    }
  });
});
