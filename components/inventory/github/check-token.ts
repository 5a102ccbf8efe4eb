import { RetentionError } from "../../model/errors";

/** The token, if GitHub's packages can be reached with one of its kind. Throws a {@link RetentionError} before any request. */
export function checkToken(written: string): string {
  const token = written.trim();
  // https://docs.github.com/en/packages/learn-github-packages/introduction-to-github-packages#authenticating-to-github-packages
  if (token.startsWith("github_pat_")) {
    throw new RetentionError(
      "the token is a fine-grained one (github_pat_…), and GitHub's packages take none of these: use a classic token (ghp_…) with " +
        "read:packages, to apply also delete:packages and write:packages, or the GITHUB_TOKEN of a workflow.",
    );
  }
  // As a header it would be refused with a message that repeats it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new RetentionError(
      "the token is empty, or holds a space, a line break or another character that no token has: set `ghcr-retention:token` or GITHUB_TOKEN anew.",
    );
  }
  return token;
}
