import assert from "node:assert/strict";
import { pushImage } from "../../../sandbox";
import type { RuleInput } from "../../support/builders/policy";
import { useWorkbench } from "../../support/graph/workbench";
import { carryOut, deleteByHand, worldOf } from "../../support/graph/world";

const repository = "logto-io/signatures";
const rules: RuleInput[] = [{ name: "drop-dead", action: "delete", dangling: true, subjectsIn: ["logto"] }];

describe("signatures in a package of their own", function () {
  this.timeout(120_000);
  const bench = useWorkbench();

  it("go with their image, as cosign signs with COSIGN_REPOSITORY, and those of the others can still be verified", async function () {
    const cosign = bench().client(this, "cosign2", { COSIGN_REPOSITORY: `${bench().host}/${repository}` });
    await cosign("generate-key-pair");
    const images = [];
    for (const tag of ["v1", "v2", "v3"]) {
      const digest = await pushImage(bench().target, { seed: tag, tags: [tag] });
      await cosign("sign", "--key", "cosign.key", "--tlog-upload=false", "--allow-http-registry", "--yes", bench().reference(digest));
      images.push(digest);
    }
    const [gone = "", justGone = "", left = ""] = images;
    await deleteByHand(bench().sandbox, gone);
    const options = { rules, repository };
    assert.equal((await worldOf(bench().sandbox, options)).plan.deletions.size, 1);
    await deleteByHand(bench().sandbox, justGone);
    const world = await worldOf(bench().sandbox, options);
    assert.equal(world.plan.deletions.size, 1, "GitHub can still restore the other image");
    await carryOut(bench().sandbox, world, options);
    await cosign("verify", "--key", "cosign.pub", "--insecure-ignore-tlog", "--allow-http-registry", bench().reference(left));
  });

  it("stay where the images' package cannot be listed, which the error names (S3)", async () => {
    await pushImage({ ...bench().target, repository }, { seed: "odd", tags: ["odd"] });
    const missing: RuleInput[] = [{ name: "drop-dead", action: "delete", dangling: true, subjectsIn: ["nowhere"] }];
    await assert.rejects(worldOf(bench().sandbox, { rules: missing, repository }), (error: Error) => {
      assert.equal(error.name, "RetentionError");
      assert.match(
        error.message,
        /^logto-io\/signatures: a rule looks for subjects in logto-io\/nowhere \(`subjectsIn`\), which cannot be listed, so nothing of this package is deleted: logto-io\/nowhere: /,
      );
      return true;
    });
  });
});
