import { z } from "zod";
import { tokenKind } from "../../components/diagnosis/token-kind";
import { getPackages } from "../../components/inventory/github/package-calls";
import { notObservable, saw } from "../rows/probe";
import { answered, askGitHub } from "../scratch/answer";
import type { Scratch } from "../scratch/scratch";
import { assume, assumeSwitch, type LiveProbe, never } from "./assume";

const Shown = z.object({ visibility: z.string(), version_count: z.int() });
const Packages = z.array(z.object({ version_count: z.unknown().optional() }));
const Versions = z.array(z.unknown());

/** What GitHub's answers about packages and their lists hold. */
export const lists: readonly LiveProbe[] = [
  assumeSwitch("newPackageVisibility", "a package that a push makes is", async (scratch) => {
    const { data } = await scratch.about();
    return saw(Shown.parse(data).visibility);
  }),
  assume("`version_count` counts the listed versions, children included", true, async (scratch) => {
    const { data } = await scratch.about();
    const { version_count: count } = Shown.parse(data);
    const { length } = await scratch.versions();
    return saw(count === length, `${count} counted, ${length} listed`);
  }),
  assume("`updated_at` of all versions was renewed at once during the run", false, async (scratch) => {
    const versions = await scratch.versions();
    const stamps = new Set(versions.map(({ updatedAt }) => updatedAt));
    return saw(versions.length > 1 && stamps.size === 1, `${versions.length} versions have ${stamps.size} stamps`);
  }),
  assume("`Link` names an organisation by", "its id", async (scratch) => {
    if (scratch.session.kind === "users") return notObservable("the owner is a user");
    const { headers } = await scratch.page({ state: "active", per_page: 1, page: 1 });
    const link = String(headers.link);
    return saw(/<[^>]+\/organizations\/\d+\//.test(link) ? "its id" : /<[^>]+\/orgs\//.test(link) ? "its name" : "nothing", link);
  }),
  assume("a page past the end is", "empty, with a last page", async (scratch) => {
    const { headers, data } = await scratch.page({ state: "active", per_page: 100, page: 1_000 });
    const content = Versions.parse(data).length === 0 ? "empty" : "not empty";
    return saw(/rel="last"/.test(String(headers.link)) ? `${content}, with a last page` : content, String(headers.link ?? ""));
  }),
  assume("a list of packages counts their versions", false, async (scratch) => {
    if (isWorkflows(scratch)) return notObservable("GITHUB_TOKEN lists no packages");
    const { data } = await listOfPackages(scratch);
    const [first] = Packages.parse(data);
    return first === undefined ? notObservable("GitHub lists no package yet") : saw(first.version_count !== undefined);
  }),
  assume("listing packages with GITHUB_TOKEN is answered with", "400", async (scratch) => {
    if (!isWorkflows(scratch)) return notObservable("the token is no GITHUB_TOKEN of a workflow");
    const answer = await listOfPackages(scratch);
    return saw(String(answer.status), answered(answer));
  }),
  assumeSwitch("installationRateHeaders", "answers to GITHUB_TOKEN carry `x-ratelimit-*`", async (scratch) => {
    if (!isWorkflows(scratch)) return notObservable("the token is no GITHUB_TOKEN of a workflow");
    const { headers } = await scratch.about();
    return saw(headers["x-ratelimit-limit"] !== undefined);
  }),
  assume(
    "the refusal past the rate limit of GITHUB_TOKEN has no headers",
    true,
    never("a run would have to spend the thousand requests an hour of a repository"),
  ),
  assume(
    "GitHub's gateway gives up on pages of 100 versions of a large package with",
    "502",
    never("it takes a package of thousands of versions"),
  ),
];

/** Whether the token is the GITHUB_TOKEN of a workflow. */
function isWorkflows({ session }: Scratch): boolean {
  return tokenKind(session.token) === "installation";
}

function listOfPackages({ session, package: probe }: Scratch) {
  const owned = { kind: session.kind, owner: probe.owner };
  return askGitHub(session.connection.github, probe.owner, (octokit) => getPackages(octokit, owned, { per_page: 100, page: 1 }));
}
