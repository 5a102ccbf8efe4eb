import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository, stacks, withEndpoints } from "../../../demo/stage/project";

describe("the demo's stacks", () => {
  for (const stack of stacks) {
    it(`${stack} names the sandbox instead of GitHub, and is otherwise as written`, () => {
      const written = readFileSync(join(repository, "demo", `Pulumi.${stack}.yaml`), "utf8");
      const endpoints = { githubApiUrl: "http://127.0.0.1:1/api", registryUrl: "http://127.0.0.1:1", token: "ghp_secret" };
      const added = withEndpoints(written, endpoints)
        .split("\n")
        .filter((line) => !written.split("\n").includes(line));
      assert.deepEqual(added, [
        "  ghcr-retention:githubApiUrl: http://127.0.0.1:1/api",
        "  ghcr-retention:registryUrl: http://127.0.0.1:1",
        "  ghcr-retention:deletionsPerMinute: 30000",
      ]);
    });
  }
});
