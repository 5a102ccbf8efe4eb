/** What the second opinion needs and cannot have. Its message names tags and digests, never a URL or a token. */
export class Unreadable extends Error {
  override name = "Unreadable";
}
