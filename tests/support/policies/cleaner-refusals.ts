import assert from "node:assert/strict";
import { noUnsafeCleaners } from "../../../policies/no-unsafe-cleaners";
import { refusalsOf } from "./configured";

export const githubFile = "github:index/repositoryFile:RepositoryFile";
export const path = ".github/workflows/clean.yml";

/** What `no-unsafe-cleaners` says of a file in a repository. */
export function refusals(content: string, config: Record<string, unknown> = {}, file = path): Promise<string[]> {
  return refusalsOf(noUnsafeCleaners, githubFile, { repository: "logto", file, content }, { config });
}

/** The one thing that it says. */
export async function refusal(content: string): Promise<string> {
  const [text, ...more] = await refusals(content);
  assert.deepEqual(more, []);
  return text ?? assert.fail("not refused");
}
