import assert from "node:assert/strict";
import { connect } from "../../../components/inventory/connection";
import { listDeleted } from "../../../components/inventory/github/list-deleted";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { countRequests, lookAt, name, repository } from "../../support/inventory/looking";

const escapes = "\u001b]0;owned\u0007\u001b[2J\u202e\u200b\r\n\u009b31m\u2028approve";
const version = {
  id: 1,
  name: `sha256:${"ab".repeat(32)}`,
  created_at: "2023-01-01T00:00:00Z",
  updated_at: "2023-01-01T00:00:00Z",
  metadata: { container: { tags: [] as string[] } },
};

describe("a list of deleted versions that means harm", () => {
  const sandbox = useSandbox();
  beforeEach(() => {
    sandbox().seed([{ package: repository, tags: ["prod"] }]);
  });

  const digestOf = (id: number) => `sha256:${String(id).padStart(64, "0")}`;
  const deletedPage = (from: number, count = 100) =>
    Array.from({ length: count }, (_, place) => ({ ...version, id: from + place, name: digestOf(from + place) }));

  /** Answers each page of the list of deleted versions; the header announces so many. */
  function answer(announced: number, contentOf: (page: number) => readonly object[]): void {
    const call = ({ query }: { query: URLSearchParams }) => {
      const content = JSON.stringify(contentOf(Number(query.get("page"))));
      return { status: 200, headers: { link: `<http://localhost:9/x?page=${announced}>; rel="last"` }, body: content };
    };
    sandbox().addFault({ match: { surface: "api", path: "state=deleted" }, times: null, effect: { kind: "call", call } });
  }

  function list() {
    const { githubApiUrl, registryUrl, token } = sandbox();
    const connection = connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 1);
    return listDeleted(connection.github, name, { kind: "orgs", owner: name.owner, name: name.name });
  }
  const asked = () => countRequests(sandbox(), "state=deleted");

  it("is whole over many pages, which are asked for side by side", async () => {
    answer(40, (page) => deletedPage(page * 100, page === 40 ? 7 : 100));
    sandbox().setLatency({ api: 30, registry: 0 });
    const deleted = await list();
    assert.equal(deleted.length, 39 * 100 + 7);
    assert.equal(new Set(deleted.map(({ digest }) => digest)).size, deleted.length);
    assert.equal(asked(), 40);
  });

  it("ends with a page that is not full, whatever is announced", async () => {
    answer(900, (page) => deletedPage(page * 100, page < 3 ? 100 : 0));
    assert.equal((await list()).length, 200);
    assert.ok(asked() <= 17, `${asked()} requests`);
  });

  it("is one page where that is empty", async () => {
    answer(900, () => []);
    assert.deepEqual(await list(), []);
    assert.equal(asked(), 1);
  });

  it("is in doubt where a page comes again", async () => {
    answer(900, () => deletedPage(1));
    await assert.rejects(
      list(),
      /^RetentionError: logto-io\/logto: GitHub listed a deleted version twice, in each of 3 attempts; run again later\.$/,
    );
  });

  it("is not asked for without an end", async () => {
    answer(1_000_000, (page) => deletedPage(page * 100));
    await assert.rejects(
      list(),
      /^RetentionError: logto-io\/logto: GitHub announces 1000000 pages of deleted versions; expected at most 1000/,
    );
    assert.equal(asked(), 1);
  });

  it("gives no digest that is a path, and no tag with escapes", async () => {
    answer(1, () => [{ ...version, name: "sha256:../../x" }]);
    await assert.rejects(list(), /is not understood: 0\.name: expected a digest/);
    sandbox().clearFaults();
    answer(1, () => [{ ...version, metadata: { container: { tags: [escapes] } } }]);
    assert.deepEqual(
      (await list()).map(({ tags }) => tags),
      [[]],
    );
  });

  it("does not keep a package from being looked at", async () => {
    answer(1_000_000, () => deletedPage(1));
    const {
      graph: { inventory },
    } = await lookAt(sandbox(), { manifestsToRead: () => [] });
    assert.equal(inventory.deleted, undefined);
    assert.equal(inventory.versions.length, 1);
  });
});
