/** What the body of an error says. Only a `message` is the server's own word: all else may come from a proxy in front of it. */
export interface ErrorBody {
  readonly form: "message" | "page" | "text";
  /** Empty where the body is. */
  readonly message: string;
}

const maxMessageLength = 1_000;

/** Reads an error's body: the message of GitHub's JSON, or what else it is. */
export function readErrorBody(text: string): ErrorBody {
  const message = messageIn(text);
  if (message !== undefined) return { form: "message", message: message.slice(0, maxMessageLength) };
  if (isPage(text)) return { form: "page", message: "an HTML page" };
  return { form: "text", message: text.trim().slice(0, maxMessageLength) };
}

/** Reports whether a body is HTML, such as the page of a proxy or a load balancer. */
export function isPage(text: string): boolean {
  return /^\s*<[a-z!?]/i.test(text);
}

/** An organisation may forbid classic tokens, for GitHub's API as for the registry; both then say so in these words. */
export function forbidsClassicTokens(message: string): boolean {
  return /\bforbids access via a personal access tokens? \(classic\)/i.test(message);
}

function messageIn(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
