import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { printable } from "../reading/text";
import { isDigest } from "./shape";
import { Unreadable } from "./unreadable";

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
const maxBytes = 4 * 1024 * 1024;
const maxErrorBytes = 64 * 1024;
const maxPages = 1000;
const maxAttempts = 3;
const maxWaitSeconds = 10;
const timeoutMilliseconds = 30_000;

export interface RegistryTarget {
  readonly registryUrl: string;
  readonly owner: string;
  readonly package: string;
  /** Sent to the registry only. */
  readonly token: string;
}

/** The policy's own small reader of a registry. Throws {@link Unreadable} for every response that is not clear. */
export class Registry {
  readonly #base: URL;
  readonly #authorization: string;

  constructor({ registryUrl, owner, package: name, token }: RegistryTarget) {
    this.#base = new URL(`/v2/${owner.toLowerCase()}/${name}/`, registryUrl);
    this.#authorization = `Bearer ${Buffer.from(token).toString("base64")}`;
  }

  /** Returns every tag of the package. */
  async tags(): Promise<string[]> {
    const tags: string[] = [];
    let next: URL | undefined = new URL("tags/list?n=100", this.#base);
    for (let page = 0; next !== undefined; page++) {
      if (page === maxPages) throw new Unreadable(`the list of tags does not end after ${maxPages} pages`);
      const response = await this.#request("GET", next, "the list of tags");
      const body = jsonOf(await textOf(response, "the list of tags"), "the list of tags");
      const listed: unknown = typeof body === "object" && body !== null && "tags" in body ? body.tags : undefined;
      if (!Array.isArray(listed)) throw new Unreadable("the list of tags has an unexpected form");
      tags.push(...listed.map(String));
      next = this.#nextPage(response, next);
    }
    return [...new Set(tags)];
  }

  /** Returns the digest of a tag; does not count as a download. */
  async digestOf(tag: string): Promise<string> {
    const response = await this.#request("HEAD", new URL(`manifests/${encodeURIComponent(tag)}`, this.#base), `the tag ${tag}`);
    const digest = response.headers.get("docker-content-digest");
    if (!isDigest(digest)) throw new Unreadable(`the registry returns no digest for the tag ${tag}`);
    return digest;
  }

  /** Returns a manifest, verified against its digest; `undefined` when the registry does not have it. */
  async manifest(digest: string): Promise<unknown> {
    const response = await this.#request("GET", new URL(`manifests/${digest}`, this.#base), digest, 404);
    if (response.status === 404) return undefined;
    const text = await textOf(response, digest);
    const [algorithm = "", hex] = digest.split(":");
    if (createHash(algorithm).update(text).digest("hex") !== hex)
      throw new Unreadable(`the manifest of ${digest} does not match its digest`);
    return jsonOf(text, `the manifest of ${digest}`);
  }

  #nextPage(response: Response, from: URL): URL | undefined {
    const target = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get("link") ?? "")?.[1];
    if (target === undefined) return undefined;
    const next = new URL(target, from);
    if (next.origin !== from.origin) throw new Unreadable("the list of tags continues on another host");
    return next;
  }

  async #request(method: "GET" | "HEAD", url: URL, what: string, alsoAccepted?: number): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const answer = await fetch(url, {
        method,
        headers: { authorization: this.#authorization, accept: manifestTypes },
        // A redirect could send the token to another host.
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMilliseconds),
      }).catch(() => undefined);
      if (answer !== undefined && (answer.status === 200 || answer.status === alsoAccepted)) return answer;
      const isTemporary = answer === undefined || answer.status === 429 || answer.status >= 500;
      if (attempt === maxAttempts || !isTemporary)
        throw new Unreadable(`${what} cannot be read: ${answer === undefined ? "no answer" : `${answer.status}${await wordsOf(answer)}`}`);
      await answer?.body?.cancel();
      const wait = Number(answer?.headers.get("retry-after") ?? attempt);
      await sleep(1000 * Math.min(Number.isFinite(wait) ? wait : attempt, maxWaitSeconds));
    }
  }
}

function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable(`${what} is not JSON`);
  }
}

/** The registry's own code and message, such as ` (DENIED: permission_denied: …)`; empty for what no registry wrote. */
async function wordsOf(response: Response): Promise<string> {
  try {
    const { errors } = JSON.parse(await textOf(response, "the error", maxErrorBytes)) as { errors: { code: string; message?: string }[] };
    const [{ code, message } = { code: "" }] = errors;
    const words = [code, message].filter((word) => typeof word === "string" && word !== "").join(": ");
    return words === "" ? "" : ` (${printable(words)})`;
  } catch {
    return "";
  }
}

async function textOf(response: Response, what: string, maxSize = maxBytes): Promise<string> {
  let size = 0;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > maxSize) throw new Unreadable(`${what} is larger than ${maxSize} bytes`);
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(`${what} is incomplete, or not UTF-8`);
  }
}
