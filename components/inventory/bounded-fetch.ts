import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { type Bounds, type OpenBody, openBody, readBounded } from "./read-bounded";

/** An answer that is not taken. The message follows on "GitHub …". */
export class RefusedAnswer extends Error {
  override readonly name = "RefusedAnswer";
}

/** A version takes less than 2 kB and, at the most, a tag of 128 characters for each name: a page of 100 with 1,000 tags each fits. */
export const githubBounds: Bounds = { bytes: 16 * 1024 * 1024, milliseconds: 60_000 };

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 5;

/**
 * `fetch` for GitHub's API: takes so many bytes after inflating and so much time, and follows redirects to the same origin
 * only (GitHub sends on who asks for a renamed owner), so that the token reaches nobody else.
 */
export function boundedFetch(bounds: Bounds = githubBounds): typeof fetch {
  return async (address, init = {}) => {
    let url = new URL(String(address));
    for (let count = 0; ; count++) {
      const response = await ask(url, init, bounds);
      if (!redirects.has(response.status)) return whole(response, bounds);
      open(response).drop();
      if (count === mostRedirects) throw new RefusedAnswer(`sends on for ever (${count} times)`);
      url = nextAddress(url, response, init.method ?? "GET");
    }
  };
}

async function ask(url: URL, init: RequestInit, { milliseconds }: Bounds): Promise<Response> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), milliseconds);
  try {
    return await fetch(url.href, { ...init, redirect: "manual", signal: waiting.signal });
  } catch (error) {
    if (waiting.signal.aborted) throw new RefusedAnswer(`gave no answer in ${seconds(milliseconds)}`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function nextAddress(from: URL, { status, headers }: Response, method: string): URL {
  const location = headers.get("location") ?? "";
  if (location === "" || !URL.canParse(location, from.href)) throw new RefusedAnswer(`sends elsewhere (${status}) without saying where`);
  const to = new URL(location, from);
  if (to.origin !== from.origin) throw new RefusedAnswer(`sends to another host (${status} to ${to.host}), and the token does not follow`);
  // What was reviewed is bound to the name in the policy.
  if (method !== "GET" && method !== "HEAD") {
    throw new RefusedAnswer(`sends a change elsewhere (${status}): the owner or the package was renamed; write its new name in the policy`);
  }
  return to;
}

async function whole(response: Response, bounds: Bounds): Promise<Response> {
  const { status } = response;
  const body = await readBounded(open(response), bounds);
  if (body === "too long") throw new RefusedAnswer(`answered with a body of more than ${bounds.bytes / 1024 / 1024} MiB`);
  if (body === "too slow") throw new RefusedAnswer(`did not end its answer in ${seconds(bounds.milliseconds)}`);
  if (status < 200 || status > 599) throw new RefusedAnswer(`answered with the status ${status}, which there is not`);
  const headers = new Headers(response.headers);
  // Only JSON is asked for, and octokit fails on types that it cannot parse.
  headers.set("content-type", "application/json");
  const bytes = body === "broken off" ? Buffer.alloc(0) : body;
  return new Response(hasBody(status) ? (status < 400 ? new Uint8Array(bytes) : words(bytes)) : null, { status, headers });
}

function open({ body }: Response): OpenBody {
  return openBody(body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream));
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}

const longestWords = 1_000;

/** What a refusal says, without the rest: octokit makes one long text of all that it holds, and breaks where it is nested deeply. */
function words(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return JSON.stringify({ message: (messageIn(text) ?? text).slice(0, longestWords) });
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
