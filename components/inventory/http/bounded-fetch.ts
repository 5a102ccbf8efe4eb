import { type HttpAnswer, headerOf } from "./answer";
import { NoAnswer } from "./collect-body";
import type { HttpClient } from "./http";

/** An answer that is not taken. The message follows on "GitHub …". */
export class RefusedAnswer extends Error {
  override readonly name = "RefusedAnswer";
}

/** An answer that is there whole. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  text(): Promise<string>;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface FetchBounds {
  readonly bytes: number;
  /** For the answer to begin, and then for its body. */
  readonly milliseconds: number;
}

/** A version takes less than 2 kB and, at the most, a tag of 128 characters for each name: a page of 100 with 1,000 tags each fits. */
export const githubBounds: FetchBounds = { bytes: 16 * 1024 * 1024, milliseconds: 60_000 };

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const maxRedirects = 5;

/**
 * A `fetch` for JSON: takes so many bytes after inflating and so much time, and follows redirects to the same origin
 * only (GitHub sends on who asks for a renamed owner), so that the token reaches nobody else.
 */
export function boundedFetch(client: HttpClient, bounds: FetchBounds = githubBounds) {
  return async (address: string | URL, asked: Asked = {}): Promise<WholeAnswer> => {
    let url = new URL(address);
    for (let count = 0; ; count++) {
      const answer = await ask(client, url, asked, bounds);
      if (!redirects.has(answer.status)) return whole(answer, bounds);
      if (count === maxRedirects) throw new RefusedAnswer(`sends on for ever (${count} times)`);
      url = nextAddress(url, answer, asked.method ?? "GET");
    }
  };
}

async function ask(client: HttpClient, url: URL, { method = "GET", headers, body }: Asked, bounds: FetchBounds): Promise<HttpAnswer> {
  const { bytes, milliseconds } = bounds;
  const asked = {
    origin: url.origin,
    path: url.pathname + url.search,
    method: method as "GET",
    headers: { "accept-encoding": "gzip", ...headers },
    ...(body === undefined ? {} : { body }),
  };
  try {
    return await client.ask(asked, { bytes: (status) => (redirects.has(status) ? 0 : bytes), milliseconds });
  } catch (error) {
    throw error instanceof NoAnswer ? new RefusedAnswer(`gave no answer in ${seconds(milliseconds)}`) : error;
  }
}

function nextAddress(from: URL, { status, headers }: HttpAnswer, method: string): URL {
  const location = headerOf(headers, "location") ?? "";
  if (location === "" || !URL.canParse(location, from.href)) throw new RefusedAnswer(`sends elsewhere (${status}) without saying where`);
  const to = new URL(location, from);
  if (to.origin !== from.origin) throw new RefusedAnswer(`sends to another host (${status} to ${to.host}), and the token does not follow`);
  // What was reviewed is bound to the name in the policy.
  if (method !== "GET" && method !== "HEAD") {
    throw new RefusedAnswer(`sends a change elsewhere (${status}): the owner or the package was renamed; write its new name in the policy`);
  }
  return to;
}

function whole({ status, headers, body }: HttpAnswer, bounds: FetchBounds): WholeAnswer {
  if (body === "too long") throw new RefusedAnswer(`answered with a body of more than ${bounds.bytes / 1024 / 1024} MiB`);
  if (body === "too slow") throw new RefusedAnswer(`did not end its answer in ${seconds(bounds.milliseconds)}`);
  if (status < 200 || status > 599) throw new RefusedAnswer(`answered with the status ${status}, which there is not`);
  const received = body === "broken off" ? "" : body.toString("utf8");
  const text = status < 400 ? received : words(received);
  const first = new Map(Object.keys(headers).map((name) => [name, headerOf(headers, name) ?? ""]));
  // Only JSON is asked for, and octokit fails on types that it cannot parse.
  first.set("content-type", "application/json");
  return { status, headers: first, body: text, text: async () => text };
}

const maxMessageLength = 1_000;

/** What a refusal says, without the rest: octokit makes one long text of all that it holds, and breaks where it is nested deeply. */
function words(text: string): string {
  return JSON.stringify({ message: (messageIn(text) ?? text).slice(0, maxMessageLength) });
}

function messageIn(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
