import assert from "node:assert/strict";
import { connect } from "../../../components/inventory/connection";
import { listTags } from "../../../components/inventory/registry/list-tags";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { countRequests, name, repository } from "../../support/inventory/looking";

describe("a list of tags that means harm", () => {
  const sandbox = useSandbox();
  beforeEach(() => {
    sandbox().seed([{ package: repository, tags: ["v1"] }]);
  });

  /** Answers each page with a body, and with an address of the next one. */
  function serve(body: string, link?: string): void {
    const effect = { kind: "body", body, ...(link === undefined ? {} : { headers: { link } }) } as const;
    sandbox().addFault({ match: { surface: "registry", path: "/tags/list" }, times: null, effect });
  }

  function list(): Promise<string[]> {
    const { githubApiUrl, registryUrl, token } = sandbox();
    return listTags(connect({ githubApiUrl, registryUrl, deletionsPerMinute: 180, cacheFolder: undefined }, token, 0).registry, name);
  }

  const asked = () => countRequests(sandbox(), "/tags/list");
  const page = (...tags: readonly string[]) => JSON.stringify({ name: "any", tags });

  it("ends where pages follow without end", async () => {
    const tags = Array.from({ length: 10_000 }, (_, place) => `v${place}`);
    serve(page(...tags), '</v2/x/tags/list?last=v1>; rel="next"');
    await assert.rejects(list(), /: the registry's list of tags does not end; expected at most 100,000 tags\.$/);
    assert.equal(asked(), 10);
  });

  it("ends where an empty page names another", async () => {
    serve(page(), '</v2/x/tags/list?last=v1>; rel="next"');
    assert.deepEqual(await list(), []);
    assert.equal(asked(), 1);
  });

  it("sends the token to no other server", async () => {
    sandbox().addFault({
      match: { surface: "registry", path: "/tags/list" },
      effect: { kind: "body", body: page("v0"), headers: { link: '<https://evil.example/v2/x/tags/list?last=v0>; rel="next"' } },
    });
    assert.deepEqual(await list(), ["v0", "v1"]);
    assert.equal(asked(), 2);
  });

  it("is refused where it does not say how it goes on", async () => {
    serve(page("v1"), '</v2/x/tags/list?n=1>; rel="next"');
    await assert.rejects(list(), /is not understood/);
  });

  for (const [what, body] of [
    ["no JSON", "<html>"],
    ["no list", '{"tags":"v1"}'],
    ["a tag that is none", page("v1\u001b[2K")],
    ["nothing", ""],
  ] as const) {
    it(`is refused: ${what}`, async () => {
      serve(body);
      await assert.rejects(list(), /: the registry's list of tags is not understood; run again later\.$/);
    });
  }

  it("may be null, as registries write an empty one", async () => {
    serve('{"name":"any","tags":null}');
    assert.deepEqual(await list(), []);
  });
});
