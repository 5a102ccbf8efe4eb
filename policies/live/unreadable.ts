/** Thrown when something that the check needs cannot be read. The message names tags and digests, never a URL or a token. */
export class Unreadable extends Error {
  override name = "Unreadable";
}
