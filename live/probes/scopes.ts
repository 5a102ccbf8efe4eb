import type { GitHubConnection } from "../../components/inventory/github/client";
import { notObservable, type Observation, saw } from "../rows/probe";
import { answered } from "../scratch/answer";
import { deleteVersion, restoreVersion } from "../scratch/changes";
import type { Scratch } from "../scratch/scratch";
import { assume, assumeSwitch, type LiveProbe } from "./assume";

/** What GitHub lets a token see and do, by its scopes. */
export const scopes: readonly LiveProbe[] = [
  assume("the token of the run lists deleted versions", true, (scratch) => listsDeleted(scratch, scratch.session.connection.github)),
  assumeSwitch("deletedListsToReaders", "a token that may only read lists deleted versions", (scratch) =>
    asReader(scratch, (reader) => listsDeleted(scratch, reader)),
  ),
  assume("deleting with a token that may only read is answered with", "403", (scratch) =>
    asReader(scratch, async (reader) => {
      const { digest } = await scratch.push("read-only-delete", "read-only-delete");
      const { id } = await scratch.version(digest);
      const answer = await deleteVersion(reader, scratch.changed, id);
      return saw(String(answer.status), answered(answer));
    }),
  ),
  assume("restoring with a token that may only read is answered with", "403", (scratch) =>
    asReader(scratch, async (reader) => {
      const { version } = await scratch.deletedImage("read-only-restore");
      const answer = await restoreVersion(reader, scratch.changed, version.id);
      return saw(String(answer.status), answered(answer));
    }),
  ),
  assume("`x-accepted-oauth-scopes` of an answer about packages is", "empty", async (scratch) => {
    const { headers } = await scratch.about();
    const accepted = headers["x-accepted-oauth-scopes"];
    if (headers["x-oauth-scopes"] === undefined) return notObservable("the token is no classic one");
    return saw(accepted === "" ? "empty" : String(accepted));
  }),
];

async function listsDeleted(scratch: Scratch, github: GitHubConnection): Promise<Observation> {
  const answer = await scratch.page({ state: "deleted", per_page: 1, page: 1 }, github);
  return saw(answer.status === 200 ? true : answer.status === 403 ? false : String(answer.status), answered(answer));
}

function asReader({ session }: Scratch, observe: (reader: GitHubConnection) => Promise<Observation>): Promise<Observation> {
  if (session.reader !== undefined) return observe(session.reader);
  return Promise.resolve(notObservable("set GITHUB_READ_TOKEN to a classic token of yours with read:packages alone"));
}
