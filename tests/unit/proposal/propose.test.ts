import assert from "node:assert/strict";
import { stackDefaultsOf } from "../../../components/config-file/stack-defaults";
import { buildGraph } from "../../../components/graph/graph";
import { propose } from "../../../components/proposal/propose";
import { type Entry, fallbackTagOf, image, packageOf } from "../../support/builders/package";

const signatures = ["one", "two"].map((name) => image(`signature of ${name}`, { tags: [`${fallbackTagOf(name)}.sig`] }));

function proposed(...entries: readonly Entry[]) {
  return propose(buildGraph(packageOf(...entries)), stackDefaultsOf());
}

describe("a proposed policy", () => {
  describe("when the package holds only signatures", () => {
    it("deletes none of them, and says how one would that knows their images' package", () => {
      const { entry, plan } = proposed(...signatures);
      assert.equal(plan.versions, 0);
      assert.equal(
        entry.comment[1],
        "The package holds no image, only 2 signatures or the like of images in other packages: no rule deletes these, since nobody has said where " +
          "their images are. `{ name: drop-lost-signatures, action: delete, dangling: true, subjectsIn: [app], olderThan: 30d }` would take those " +
          "whose image is no longer in `app`.",
      );
    });
  });

  describe("when signatures without their images stand beside images", () => {
    it("says that they stay", () => {
      const { entry } = proposed(image("prod", { tags: ["prod"] }), ...signatures);
      assert.equal(
        entry.comment[1],
        "2 signatures or the like belong to nothing in this package: they stay, since their image may be in another one.",
      );
    });
  });
});
