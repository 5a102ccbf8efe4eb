import { z } from "zod";
import { getDeploymentRecords } from "../../components/inventory/github/package-calls";
import { notObservable, saw } from "../rows/probe";
import { answered, askGitHub } from "../scratch/answer";
import { assumeSwitch, type LiveProbe, never } from "./assume";

const Records = z.object({ deployment_records: z.array(z.unknown()) });

/** What GitHub answers about where images run. */
export const deployments: readonly LiveProbe[] = [
  assumeSwitch("unrecordedArtifact", "the deployment records of a digest that has none are", async (scratch) => {
    const { session, route } = scratch;
    if (session.kind === "users") return notObservable("the owner is a user, of whom GitHub has no such records");
    const { digest } = await scratch.push("never-deployed", "never-deployed");
    const answer = await askGitHub(session.connection.github, `${scratch.package}`, (octokit) =>
      getDeploymentRecords(octokit, route, digest),
    );
    if (answer.status === 404) return saw("not-found", answered(answer));
    if (answer.status !== 200) return notObservable(`the token may not read them: ${answered(answer)}`);
    return saw(Records.parse(answer.data).deployment_records.length === 0 ? "empty" : "not empty");
  }),
  assumeSwitch(
    "decommissionedRecords",
    "deployment records that are decommissioned are",
    never("a record that a run wrote could not be removed again"),
  ),
];
