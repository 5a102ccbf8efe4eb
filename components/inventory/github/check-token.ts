import { RetentionError } from "../../model/errors";

/** Returns the token if GitHub's packages accept its kind. Throws a {@link RetentionError} before any request. */
export function checkToken(written: string): string {
  const token = written.trim();
  // https://docs.github.com/en/packages/learn-github-packages/introduction-to-github-packages#authenticating-to-github-packages
  if (token.startsWith("github_pat_")) {
    throw new RetentionError(
      "the token is a fine-grained one (github_pat_…), and GitHub's packages take none of these: use a classic token (ghp_…) with " +
        "read:packages, to apply also delete:packages and write:packages, or the GITHUB_TOKEN of a workflow.",
    );
  }
  // A header with such a token would fail with a message that repeats the token.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new RetentionError(
      "the token is empty, or holds a space, a line break or another character that no token has: set `ghcr-retention:token` or GITHUB_TOKEN anew.",
    );
  }
  return token;
}
