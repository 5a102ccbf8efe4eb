import { NoResponse } from "./collect-body";
import { readErrorBody } from "./error-body";
import type { HttpClient } from "./http";
import { type HttpResponse, headerOf } from "./response";

/** A response that is refused. The message continues "GitHub …". */
export class RefusedResponse extends Error {
  override readonly name = "RefusedResponse";
}

/** A response that was read whole: the part of `Response` that Octokit uses. */
export interface WholeResponse {
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
  /** For the response to begin, and again for its body. */
  readonly milliseconds: number;
}

/** A version takes less than 2 kB plus 128 characters per tag: a page of 100 versions with 1,000 tags each fits. */
export const githubBounds: FetchBounds = { bytes: 16 * 1024 * 1024, milliseconds: 60_000 };

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const maxRedirects = 5;

/**
 * Returns a `fetch` for JSON that bounds the bytes of a body after decompression and its time, and follows redirects within
 * the same origin only (GitHub redirects requests for a renamed owner), so that the token reaches no other server.
 */
export function boundedFetch(client: HttpClient, bounds: FetchBounds = githubBounds) {
  return async (address: string | URL, asked: Asked = {}): Promise<WholeResponse> => {
    let url = new URL(address);
    for (let count = 0; ; count++) {
      const answer = await ask(client, url, asked, bounds);
      if (!redirects.has(answer.status)) return whole(answer, bounds);
      if (count === maxRedirects) throw new RefusedResponse(`redirects without end (${count} times)`);
      url = nextAddress(url, answer, asked.method ?? "GET");
    }
  };
}

async function ask(client: HttpClient, url: URL, { method = "GET", headers, body }: Asked, bounds: FetchBounds): Promise<HttpResponse> {
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
    throw error instanceof NoResponse ? new RefusedResponse(`did not respond in ${seconds(milliseconds)}`) : error;
  }
}

function nextAddress(from: URL, { status, headers }: HttpResponse, method: string): URL {
  const location = headerOf(headers, "location") ?? "";
  if (location === "" || !URL.canParse(location, from.href)) throw new RefusedResponse(`redirects (${status}) without an address`);
  const to = new URL(location, from);
  if (to.origin !== from.origin)
    throw new RefusedResponse(
      `redirects to another host (${status} to ${to.host}), which is not followed because the request carries the token`,
    );
  // The reviewed plan names the package as the policy does.
  if (method !== "GET" && method !== "HEAD") {
    throw new RefusedResponse(`redirects a change (${status}): the owner or the package was renamed; write its new name in the policy`);
  }
  return to;
}

function whole({ status, headers, body }: HttpResponse, bounds: FetchBounds): WholeResponse {
  if (body === "too long") throw new RefusedResponse(`answered with a body of more than ${bounds.bytes / 1024 / 1024} MiB`);
  if (body === "too slow") throw new RefusedResponse(`did not complete its response in ${seconds(bounds.milliseconds)}`);
  if (status < 200 || status > 599) throw new RefusedResponse(`answered with the invalid status ${status}`);
  const received = body === "broken off" ? "" : body.toString("utf8");
  // Octokit would print all of an error's body, and fails where it is nested deeply.
  const text = status < 400 ? received : JSON.stringify(readErrorBody(received));
  const first = new Map(Object.keys(headers).map((name) => [name, headerOf(headers, name) ?? ""]));
  // Only JSON is requested, and Octokit fails on types that it cannot parse.
  first.set("content-type", "application/json");
  return { status, headers: first, body: text, text: async () => text };
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
