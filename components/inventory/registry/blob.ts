import { createHash } from "node:crypto";
import type { PackageName } from "../../model/inventory";
import { headerOf } from "../http/response";
import { isSafeServer } from "../http/safe-url";
import type { RegistryConnection } from "./client";
import type { Descriptor } from "./content";
import { inBrackets } from "./refusal";

/** A blob that is not what its descriptor says. The message continues "the blob …". */
export class BlobFlaw extends Error {
  override readonly name = "BlobFlaw";
  constructor(
    message: string,
    /** Whether another attempt may succeed. */
    readonly mayPass: boolean,
  ) {
    super(message);
  }
}

/** Reads a blob part by part, and ends without an error only if size and digest are as its descriptor says. Throws a {@link BlobFlaw}. */
export async function* streamBlob(
  registry: RegistryConnection,
  name: PackageName,
  { digest, size }: Pick<Descriptor, "digest" | "size">,
): AsyncGenerator<Uint8Array, void, undefined> {
  const response = await askForBlob(registry, name, digest).catch((error: unknown) => {
    throw new BlobFlaw(`could not be had (${error instanceof Error ? error.message : String(error)})`, true);
  });
  if (response.status !== 200) {
    response.drop();
    throw new BlobFlaw(`is answered with ${response.status}${await whyRefused(registry, name, digest, response)}`, false);
  }
  const algorithm = digest.slice(0, digest.indexOf(":"));
  const hash = createHash(algorithm);
  let received = 0;
  try {
    for await (const part of response.body ?? []) {
      received += part.byteLength;
      if (received > size) break;
      hash.update(part);
      yield part;
    }
  } catch {
    throw new BlobFlaw("breaks off", true);
  }
  if (received !== size) throw new BlobFlaw(`has ${received > size ? "more" : "fewer"} than the ${size} bytes it should have`, false);
  if (`${algorithm}:${hash.digest("hex")}` !== digest) throw new BlobFlaw("has other content than its digest says", false);
}

interface BlobResponse {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array> | null;
  /** The host that the registry sent the request to, if it did. */
  readonly elsewhere?: string;
  /** Aborts the rest. */
  drop(): void;
}

/** GHCR redirects blobs to another host, which must not receive the token. */
async function askForBlob({ client, url }: RegistryConnection, name: PackageName, digest: string): Promise<BlobResponse> {
  const answer = await client.open({ method: "GET", path: blobPath(name, digest) });
  const location = headerOf(answer.headers, "location");
  if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
  answer.drop();
  const to = new URL(location, url);
  if (!isSafeServer(to)) throw new Error("the registry sends it from an address that is not https");
  const { status, body } = await fetch(to);
  return { status, body, elsewhere: to.host, drop: () => void body?.cancel().catch(() => undefined) };
}

/** Returns the registry's words in brackets, for which it is asked once more: a body that is read part by part has no bound. */
async function whyRefused({ client }: RegistryConnection, name: PackageName, digest: string, { elsewhere }: BlobResponse): Promise<string> {
  if (elsewhere !== undefined) return ` by ${elsewhere}, where the registry has it`;
  const again = await client.ask({ method: "GET", path: blobPath(name, digest) }).catch(() => undefined);
  return again === undefined || again.status === 200 ? "" : inBrackets(again);
}

function blobPath({ owner, name }: PackageName, digest: string): string {
  return `${owner.toLowerCase()}/${name}/blobs/${digest}`;
}
