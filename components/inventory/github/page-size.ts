import { RequestError } from "@octokit/request-error";
import { RetentionError } from "../../model/errors";
import type { GitHubConnection } from "./client";
import { errorAbout } from "./github-error";

/** The largest page that GitHub offers. */
export const pageSize = 100;
const smallerSizes = [50, 30];

/** A page that GitHub's gateway gave up on, however often it was requested; a smaller one may be ready in time. */
class PageTimedOut extends RetentionError {}

/** Converts the error of a request for a page. */
export function pageError(label: string, error: unknown): Error {
  const converted = errorAbout(label, error);
  const isTimeout = error instanceof RequestError && (error.status === 502 || error.status === 504);
  return isTimeout ? new PageTimedOut(converted.message) : converted;
}

/**
 * Reads a list in the largest pages that GitHub can answer: with large packages, 502 or 504 for a page of 100 may last. A list is
 * read from its beginning in each size, and later lists of the connection begin with the size that worked.
 */
export async function inPages<List>({ pageSizes }: GitHubConnection, label: string, read: (size: number) => Promise<List>): Promise<List> {
  for (;;) {
    const size = pageSizes.get(label) ?? pageSize;
    try {
      return await read(size);
    } catch (error) {
      if (!(error instanceof PageTimedOut)) throw error;
      const smaller = smallerSizes.find((other) => other < size);
      // Where no size works, it is not the size.
      pageSizes.delete(label);
      if (smaller === undefined) throw error;
      pageSizes.set(label, smaller);
    }
  }
}
