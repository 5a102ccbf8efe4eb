import assert from "node:assert/strict";
import { connect } from "../../../../components/inventory/connection";
import { listPackages } from "../../../../components/inventory/github/list-packages";
import { deletePackageVersion } from "../../../../components/inventory/github/package-calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";
import { assertWhole, lookAt, name, repository } from "../../../support/inventory/looking";

describe("a request to GitHub", () => {
  const sandbox = useSandbox();
  const seed = (count: number) =>
    sandbox().seed(Array.from({ length: count }, (_, place) => ({ package: repository, tags: [`v${place}`] })));

  function github(token = sandbox().token) {
    const { githubApiUrl, registryUrl } = sandbox();
    return connect({ githubApiUrl, registryUrl, deletionsPerMinute: 60_000, cacheFolder: undefined }, token, 1).github;
  }

  it("says which version of the API it means, whatever it asks for", async () => {
    const [version] = seed(2);
    const asked: unknown[] = [];
    const call = ({ method, headers }: { method: string; headers: Readonly<Record<string, unknown>> }) => {
      asked.push(`${method} ${headers["x-github-api-version"]}`);
      return undefined;
    };
    sandbox().addFault({ match: { surface: "api" }, times: null, effect: { kind: "call", call } });
    await lookAt(sandbox(), { manifestsToRead: () => [] });
    await listPackages(github(), "logto-io");
    await deletePackageVersion(github().octokit, { kind: "orgs", ...name }, { id: version?.id ?? 0 });
    assert.deepEqual([...new Set(asked)], ["GET 2022-11-28", "DELETE 2022-11-28"]);
  });

  it("works with the token of a workflow, which has 520 characters", async () => {
    seed(150);
    const token = sandbox().createToken({ kind: "installation" });
    assert.equal(token.length, 520);
    assertWhole(await lookAt(sandbox(), { manifestsToRead: () => [] }, token), 150);
    assertWhole(await lookAt(sandbox(), {}, token), 150);
  });
});
