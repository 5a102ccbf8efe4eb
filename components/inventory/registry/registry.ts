import { hash } from "node:crypto";
import { Digest, digestForm, tagForm } from "../../model/digest";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import { printable } from "../../model/printable";
import { untilStopped } from "../../model/stop";
import { responseMilliseconds } from "../http/http";
import { type HttpResponse, headerOf } from "../http/response";
import { yieldTurn } from "../http/yield-turn";
import { askRegistry, type LabelledRequest } from "./ask-registry";
import type { RegistryConnection } from "./client";
import { unsupportedManifest } from "./manifest";
import { acceptedMediaTypes } from "./media-types";
import { expectCreated, expectOk, expectUnknown } from "./refusal";

const maxBodyAttempts = 3;

export interface FetchedManifest {
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
}

/**
 * Reads the bytes of a manifest, verified against its digest. `undefined` only when the registry says that it does not know the
 * digest. Every GET counts as a download of the version, so nothing is read twice. Throws a {@link RetentionError} otherwise.
 */
export async function fetchManifest(registry: RegistryConnection, name: PackageName, digest: string): Promise<FetchedManifest | undefined> {
  const label = `${packageLabel(name)}@${digest}`;
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(registry, { method: "GET", name, reference: digest, label });
    await yieldTurn();
    if (answer.status === 404) {
      expectUnknown(answer, label);
      return undefined;
    }
    expectOk(answer, label);
    const contentType = headerOf(answer.headers, "content-type");
    // The digest of such a manifest leaves out its signatures: https://distribution.github.io/distribution/spec/deprecated-schema-v1/
    if (contentType?.includes("docker.distribution.manifest.v1+")) throw unsupportedManifest(contentType, label);
    const body = verified(answer, digest);
    if (!("flaw" in body)) return { bytes: body.bytes, contentType };
    if (attempt === maxBodyAttempts || !body.mayPass) {
      throw new RetentionError(`${label}: the registry answered ${times(attempt)} with a body ${body.flaw}; run again later.`);
    }
  }
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

/** Returns the digest of a tag or digest; `undefined` when the registry knows no such manifest. Does not count as a download. */
export async function resolveReference(registry: RegistryConnection, name: PackageName, reference: string): Promise<string | undefined> {
  const label = `${packageLabel(name)}:${reference}`;
  const answer = await ask(registry, { method: "HEAD", name, reference, label });
  if (answer.status === 404) return undefined;
  // An answer to HEAD has no body: the registry's reason is in its answer to GET, and a GET that is refused is no download.
  if (answer.status === 401 || answer.status === 403) expectOk(await ask(registry, { method: "GET", name, reference, label }), label);
  expectOk(answer, label);
  const digest = Digest.safeParse(headerOf(answer.headers, "docker-content-digest"));
  if (!digest.success) throw new RetentionError(`${label}: the registry returned no valid digest in Docker-Content-Digest`);
  return digest.data;
}

/** A tag to put on an existing manifest, unless the signal is aborted before. */
interface TagToPush {
  readonly tag: string;
  readonly digest: string;
  readonly signal: AbortSignal;
}

/** Puts a tag on an existing manifest, by pushing the same bytes under the tag. */
export async function pushTag(registry: RegistryConnection, name: PackageName, { tag, digest, signal }: TagToPush): Promise<void> {
  const label = `${packageLabel(name)}:${tag}`;
  const manifest = await untilStopped(signal, fetchManifest(registry, name, digest));
  if (manifest === undefined)
    throw new RetentionError(`${label}: the registry does not know ${digest}, which the tag was on; look at the package on GitHub.`);
  const response = await request(registry, {
    method: "PUT",
    name,
    reference: tag,
    label,
    body: manifest.bytes,
    headers: { "content-type": manifest.contentType ?? "application/vnd.oci.image.manifest.v1+json" },
  });
  expectCreated(response, label);
}

interface ManifestRequest extends Omit<LabelledRequest, "path"> {
  readonly name: PackageName;
  readonly reference: string;
}

function ask(registry: RegistryConnection, manifest: Omit<ManifestRequest, "headers">): Promise<HttpResponse> {
  const headers = { accept: acceptedMediaTypes };
  return registry.queue.run(packageLabel(manifest.name), () => request(registry, { ...manifest, headers }));
}

async function request(registry: RegistryConnection, { name, reference, ...asked }: ManifestRequest): Promise<HttpResponse> {
  // The reference becomes part of a URL.
  if (!digestForm.test(reference) && !tagForm.test(reference))
    throw new RetentionError(`${printable(asked.label)}: expected a digest or a tag`);
  return askRegistry(registry, { ...asked, path: `${name.owner.toLowerCase()}/${name.name}/manifests/${reference}` });
}

type Body = { readonly bytes: Buffer } | { readonly flaw: string; readonly mayPass: boolean };

/** Returns the body if it has the digest. */
function verified({ body: bytes }: HttpResponse, digest: string): Body {
  if (bytes === "too long") return { flaw: "of more than 4 MiB, which no manifest has", mayPass: false };
  if (bytes === "too slow") return { flaw: `that took more than ${responseMilliseconds / 1_000} s`, mayPass: true };
  if (bytes === "broken off") return { flaw: "that breaks off", mayPass: true };
  const actual = digestOf(digest, bytes);
  return actual === digest ? { bytes } : { flaw: `of another digest (${actual})`, mayPass: true };
}

function digestOf(expected: string, body: Buffer): string {
  const algorithm = expected.slice(0, expected.indexOf(":"));
  return `${algorithm}:${hash(algorithm, body, "hex")}`;
}
