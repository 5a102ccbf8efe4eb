import { RequestError } from "@octokit/request-error";
import { z } from "zod";
import type { Deployment, DeploymentAnswer } from "../../model/deployments";
import { packageLabel } from "../../model/errors";
import { printable } from "../../model/printable";
import { Stopped } from "../../model/stop";
import type { GitHubConnection } from "./client";
import { answerText, errorAbout, hasOwnMessage } from "./github-error";
import { getDeploymentRecords } from "./package-calls";
import { request } from "./packages-api";
import type { PackageRoute } from "./route";

/** One run takes minutes; a process may go through many. */
const sharedMilliseconds = 5 * 60_000;

/** As many as GitHub gets at a time, twice: where all of them fail, the rest is not asked. */
const slice = 96;

/** GitHub answers 404 also to a token without the permission. */
const refusals = [403, 404];

const Name = z.string().min(1).optional().catch(undefined);

/** https://docs.github.com/en/rest/orgs/artifact-metadata#list-artifact-deployment-records. Its description names no status, though a report has one. */
const Records = z.object({
  total_count: z.int().nonnegative().optional(),
  deployment_records: z.array(
    z.object({ logical_environment: Name, cluster: Name, deployment_name: Name, status: z.unknown().optional() }),
  ),
});

/**
 * Asks GitHub where these digests run. What it cannot be asked, or does not answer, is part of the result. `shares` allows answers that
 * another package of this process got minutes ago.
 */
export async function askDeployments(
  github: GitHubConnection,
  route: PackageRoute,
  digests: readonly string[],
  shares = false,
): Promise<ReadonlyMap<string, DeploymentAnswer>> {
  if (route.kind === "users") return new Map(digests.map((digest) => [digest, { kind: "user" }]));
  const answers = new Map<string, DeploymentAnswer>();
  const askAll = async (some: readonly string[]) => {
    const found = await Promise.all(some.map((digest) => (shares ? shared(github, route, digest) : ask(github, route, digest))));
    some.forEach((digest, place) => void answers.set(digest, found[place] as DeploymentAnswer));
    return found;
  };
  // A permission that one request lacks, all of them lack; and a server that fails a whole slice is down.
  const [first] = await askAll(digests.slice(0, 1));
  let common: DeploymentAnswer | undefined = first?.kind === "refused" && first.status === 403 ? first : undefined;
  for (let from = 1; from < digests.length && common === undefined; from += slice) {
    const found = await askAll(digests.slice(from, from + slice));
    if (found.every(({ kind }) => kind === "failed")) common = found[0];
  }
  return new Map(digests.map((digest) => [digest, answers.get(digest) ?? (common as DeploymentAnswer)]));
}

function shared(github: GitHubConnection, route: PackageRoute, digest: string): Promise<DeploymentAnswer> {
  const key = `${route.owner.toLowerCase()} ${digest}`;
  const known = github.deployments.get(key);
  const now = performance.now();
  if (known !== undefined && now - known.at < sharedMilliseconds) return known.answer;
  const answer = ask(github, route, digest);
  github.deployments.set(key, { at: now, answer });
  const forget = () => void github.deployments.delete(key);
  answer.then(({ kind }) => kind === "failed" && forget(), forget);
  return answer;
}

async function ask(github: GitHubConnection, route: PackageRoute, digest: string): Promise<DeploymentAnswer> {
  try {
    const { data } = await request(github, packageLabel(route), (octokit) => getDeploymentRecords(octokit, route, digest), unchanged);
    const parsed = Records.safeParse(data);
    if (parsed.success) return { kind: "answered", deployments: deploymentsIn(parsed.data) };
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") || "the answer";
    return { kind: "failed", answer: printable(`GitHub's answer is not understood: ${where}: ${issue?.message}`) };
  } catch (error) {
    if (error instanceof Stopped) throw error;
    if (error instanceof RequestError && refusals.includes(error.status) && hasOwnMessage(error)) {
      return { kind: "refused", status: error.status, answer: answerText(error) };
    }
    return { kind: "failed", answer: errorAbout("its deployment records", error).message };
  }
}

/** Passes an error on: its status decides, which its text would hide. */
function unchanged(_label: string, error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** What GitHub says is decommissioned does not run; every other record counts, also one that the list leaves out. */
function deploymentsIn({ total_count, deployment_records: records }: z.output<typeof Records>): Deployment[] {
  const unlisted =
    (total_count ?? 0) > records.length ? [{ logical_environment: undefined, cluster: undefined, deployment_name: undefined }] : [];
  const running = [...records.filter(({ status }) => status !== "decommissioned"), ...unlisted];
  return running.map(({ logical_environment, cluster, deployment_name }) => ({
    name: printable(deployment_name ?? "a deployment"),
    environment: printable(logical_environment ?? "an environment"),
    ...(cluster === undefined ? {} : { cluster: printable(cluster) }),
  }));
}
