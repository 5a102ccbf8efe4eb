import { RequestError } from "@octokit/request-error";
import type { Octokit } from "@octokit/rest";
import type { GitHubConnection } from "../../components/inventory/github/client";
import { wordsOf } from "../../components/inventory/github/github-error";

/** What GitHub answered, a refusal like anything else. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
  /** Its words, where it refuses. */
  readonly words: string;
}

interface Response {
  readonly status: number;
  readonly headers: object;
  readonly data?: unknown;
}

/** Calls GitHub. Throws where there is no answer, or one of a server that fails. */
export async function askGitHub(github: GitHubConnection, label: string, ask: (octokit: Octokit) => Promise<Response>): Promise<Answer> {
  try {
    const { status, headers, data } = await github.queue.run(label, () => ask(github.octokit));
    return { status, headers: { ...headers }, data, words: "" };
  } catch (error) {
    if (!(error instanceof RequestError) || error.response === undefined || error.status >= 500) throw error;
    return { status: error.status, headers: { ...error.response.headers }, words: wordsOf(error) };
  }
}

/** Returns the answer as a person reads it. */
export function answered({ status, words }: Answer): string {
  return words === "" ? String(status) : `${status} ${words}`;
}
