import { pushMultiArchImage } from "../../sandbox";
import { treeOf } from "./tree";
import { useWorkbench } from "./workbench";
import { worldOf } from "./world";

describe("try", () => {
  const bench = useWorkbench();
  async function tree() {
    console.log(treeOf(await worldOf(bench().sandbox)).join("\n"));
  }
  it("cosign3", async function () {
    const cosign = bench().client(this, "cosign3");
    const t = bench().target;
    const a = await pushMultiArchImage(t, { seed: "a", tags: ["prod"], attestations: false });
    const time = async (...args: string[]) => {
      const s = Date.now();
      console.log(await cosign(...args));
      console.log(args[0], Date.now() - s);
    };
    await time("generate-key-pair");
    const how = ["--key", "cosign.key", "--tlog-upload=false", "--use-signing-config=false", "--allow-http-registry", "--yes"];
    await time("sign", ...how, "--recursive", bench().reference(a.index));
    bench().write("sbom.json", '{"spdxVersion":"SPDX-2.3"}');
    await time("attest", ...how, "--type", "spdxjson", "--predicate", "sbom.json", bench().reference(a.index));
    await tree();
    await time("verify", "--key", "cosign.pub", "--insecure-ignore-tlog", "--allow-http-registry", bench().reference(a.index));
    console.log(
      JSON.stringify(
        bench()
          .sandbox.package("logto-io/logto")
          ?.versions.map((v) => [v.digest.slice(0, 12), v.tags]),
        null,
        0,
      ),
    );
  });
});
