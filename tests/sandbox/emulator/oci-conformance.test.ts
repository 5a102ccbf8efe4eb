import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { toolOrSkip } from "../../support/tools";

interface Report {
  /** Verdict by feature, as the suite's results.yaml has it. */
  readonly verdicts: ReadonlyMap<string, string>;
  /** Full names of failed tests, with what was wrong. */
  readonly failures: readonly { readonly name: string; readonly error: string }[];
}

const push = ["Blob push", "Blob post only", "Blob post put", "Blob chunked", "Blob streaming", "Blob mount", "Blob upload cancel"];
const manifests = ["Manifest put by digest", "Manifest put by tag", "Manifest put with subject"];
const pull = ["Ping", "Blob get", "Blob get range", "Blob head"];
const manifestPull = ["Manifest get by digest", "Manifest get by tag", "Manifest head by digest", "Manifest head by tag"];
const discovery = ["Tag listing"];
const management = ["Blob delete", "Manifest delete", "Tag delete"];

describe("the OCI distribution conformance suite", function () {
  this.timeout(120_000);
  const sandbox = useSandbox({});
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "conformance-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(suite: string, settings: Record<string, string>): Promise<Report> {
    const env = {
      ...process.env,
      OCI_REGISTRY: new URL(sandbox().registryUrl).host,
      OCI_TLS: "disabled",
      OCI_REPO1: "conformance/one",
      OCI_REPO2: "conformance/two",
      OCI_USERNAME: "anyone",
      OCI_PASSWORD: sandbox().token,
      OCI_RESULTS_DIR: folder,
      OCI_API_BLOBS_UPLOAD_CANCEL: "true",
      OCI_API_MANIFESTS_DIGEST_HEADER: "true",
      OCI_API_BLOBS_DIGEST_HEADER: "true",
      ...settings,
    };
    // It ends with an error when a test fails; the report says which.
    const { stderr, stdout } = await promisify(execFile)(suite, { cwd: folder, env, maxBuffer: 2 ** 26 }).catch(
      (error: { stderr: string; stdout: string }) => error,
    );
    const results = readFileSync(path.join(folder, "results.yaml"), "utf8");
    const verdicts = new Map(
      [...results.matchAll(/^ {2}([^:\n]+): (Pass|FAIL|Skip|Disabled|Error)$/gm)].map(([, name = "", verdict = ""]) => [name, verdict]),
    );
    const failed = [...`${stdout}\n${stderr}`.matchAll(/msg="failed test" name="([^"]+)" error="(.*)"$/gm)];
    return { verdicts, failures: failed.map(([, name = "", error = ""]) => ({ name, error })) };
  }

  function verdictsOf({ verdicts }: Report, features: readonly string[]): Record<string, string | undefined> {
    return Object.fromEntries(features.map((feature) => [feature, verdicts.get(feature)]));
  }

  function all(features: readonly string[], verdict: string): Record<string, string> {
    return Object.fromEntries(features.map((feature) => [feature, verdict]));
  }

  it("passes pull, push and content discovery; management is refused", async function () {
    // GHCR has no referrers API, and so no OCI-Subject header: the next test holds it to that.
    const report = await run(toolOrSkip(this, "oci-conformance"), { OCI_API_REFERRER: "false" });
    assert.deepEqual(report.failures, []);
    const wanted = [...push, ...manifests, ...pull, ...manifestPull, ...discovery];
    assert.deepEqual(verdictsOf(report, wanted), all(wanted, "Pass"));
    assert.deepEqual(verdictsOf(report, management), all(management, "Skip"));
    assert.ok([...report.verdicts.values()].every((verdict) => verdict !== "FAIL" && verdict !== "Error"));
    const deletions = sandbox()
      .requests()
      .filter(({ method, path: asked }) => method === "DELETE" && !asked.includes("/uploads/"));
    assert.ok(deletions.length > 0);
    assert.ok(deletions.every(({ status }) => status === 405 || status === 401));
  });

  for (const referrers of ["redirect", "not-found"] as const) {
    it(`misses nothing but the referrers API, which answers ${referrers}`, async function () {
      sandbox().setSwitches({ referrers });
      const report = await run(toolOrSkip(this, "oci-conformance"), {});
      const unexpected = report.failures.filter(({ name, error }) => !name.endsWith("/referrers") && !lacksOnlySubjectHeader(error));
      assert.deepEqual(unexpected, []);
      assert.equal(report.verdicts.get("Referrers"), "FAIL");
      const wanted = [...push, ...pull, ...discovery];
      assert.deepEqual(
        [...push, ...pull].filter((feature) => report.verdicts.get(feature) !== "Pass"),
        [],
        JSON.stringify(verdictsOf(report, wanted)),
      );
    });
  }
});

function lacksOnlySubjectHeader(error: string): boolean {
  return !error.includes("\\n") && error.includes('header value mismatch for \\"OCI-Subject\\"') && error.endsWith("received []");
}
