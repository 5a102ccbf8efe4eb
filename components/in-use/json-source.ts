import { boundedFetch } from "../inventory/http/bounded-fetch";
import { HttpClient } from "../inventory/http/http";
import { isSafeServer } from "../inventory/http/safe-url";
import { RetentionError } from "../model/errors";
import { printable } from "../model/printable";

const bounds = { bytes: 4 * 1024 * 1024, milliseconds: 30_000 };

/** Reads JSON from a text or URL. A failure throws, because the images in it would not be protected. */
export async function readJson(source: string | URL): Promise<{ value: unknown; from: string }> {
  const text = String(source).trim();
  if (!/^https?:\/\//.test(text)) return { value: parse(text, "the JSON of images in use"), from: "JSON" };
  const address = new URL(text);
  // The rest of the URL may hold a secret.
  const from = `${address.host}${address.pathname}`;
  if (!isSafeServer(address)) throw new RetentionError(`images in use at ${from}: expected an https:// address`);
  return { value: parse(await bodyOf(address, from), `images in use at ${from}`), from };
}

async function bodyOf(address: URL, from: string): Promise<string> {
  const response = await boundedFetch(
    new HttpClient(1),
    bounds,
  )(address).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : "unknown reason";
    throw cannotBeFetched(from, printable(reason.replaceAll(address.href, from)));
  });
  if (response.status >= 300) throw cannotBeFetched(from, `it answered ${response.status}`);
  return response.body;
}

function cannotBeFetched(from: string, why: string): RetentionError {
  return new RetentionError(`images in use at ${from}: they cannot be fetched (${why}); nothing is deleted until they can`);
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RetentionError(`${what}: expected JSON, but it cannot be parsed; nothing is deleted until it can`);
  }
}
