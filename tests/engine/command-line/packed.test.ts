import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workflow } from "../../support/migration/workflow";

const root = join(__dirname, "..", "..", "..");

describe("the packed package", function () {
  this.timeout(60_000);

  it("holds what `ghcr-retention migrate` shares with the policy pack", () => {
    const folder = mkdtempSync(join(tmpdir(), "packed-"));
    try {
      const [file = ""] = execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], {
        cwd: root,
        encoding: "utf8",
      })
        .trim()
        .split("\n")
        .slice(-1);
      execFileSync("tar", ["-xzf", join(folder, file), "-C", folder]);
      symlinkSync(join(root, "node_modules"), join(folder, "package", "node_modules"));
      mkdirSync(join(folder, "project"));
      writeFileSync(join(folder, "project", "clean.yml"), workflow("dataaxiom/ghcr-cleanup-action@v1", { owner: "acme", package: "app" }));
      const { GITHUB_TOKEN: _, ...env } = process.env;
      const command = join(folder, "package", "bin", "components", "command-line", "main.js");
      const printed = execFileSync(process.execPath, [command, "migrate", "clean.yml", "--output", "-"], {
        cwd: join(folder, "project"),
        env,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      assert.match(printed, /^config:\n {2}ghcr-retention:policies:\n/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
