import { packageLabel, RetentionError } from "../../model/errors";
import type { Manifest, PackageName, Reference } from "../../model/inventory";
import { BlobFlaw, streamBlob } from "../registry/blob";
import type { RegistryConnection } from "../registry/client";
import { contentOf, type Descriptor } from "../registry/content";
import { parseManifest } from "../registry/manifest";
import { fetchManifest } from "../registry/registry";
import { imgpkgBundle } from "./imgpkg-bundle";
import { modelKit } from "./modelkit";
import { type BlobSource, NotUnderstood, type ReferenceReader } from "./reader";

const readers: readonly ReferenceReader[] = [imgpkgBundle, modelKit];

const maxConfigBytes = 1024 * 1024;

/** Maximum attempts for a blob that breaks off. */
const maxAttempts = 3;

/**
 * Reads the manifest of a digest, verified against it, with what its layers and its config name. `undefined` only when the
 * registry says that it does not know the digest. Every GET of a manifest counts as a download of the version, so nothing is read
 * twice. Throws a {@link RetentionError} otherwise.
 */
export async function readManifest(registry: RegistryConnection, name: PackageName, digest: string): Promise<Manifest | undefined> {
  const fetched = await fetchManifest(registry, name, digest);
  if (fetched === undefined) return undefined;
  const label = `${packageLabel(name)}@${digest}`;
  const body = fetched.bytes.toString("utf8");
  const manifest = parseManifest(body, fetched.contentType, label);
  const references = await referencesIn(registry, name, { body, label });
  return references.length === 0 ? manifest : { ...manifest, references };
}

interface Read {
  readonly body: string;
  /** Names the manifest in errors. */
  readonly label: string;
}

async function referencesIn(registry: RegistryConnection, name: PackageName, { body, label }: Read): Promise<readonly Reference[]> {
  const marked = readers.filter(({ mark }) => body.includes(mark));
  const content = marked.length === 0 ? undefined : contentOf(body);
  const reader = content && marked.find((one) => one.understands(content));
  if (content === undefined || reader === undefined) return [];
  const read = () => reader.read(content, sourceOf(registry, name));
  for (let attempt = 1; ; attempt++) {
    try {
      return await registry.queue.run(packageLabel(name), read);
    } catch (error) {
      if (error instanceof BlobFlaw && error.mayPass && attempt < maxAttempts) continue;
      if (!(error instanceof BlobFlaw || error instanceof NotUnderstood)) throw error;
      throw new RetentionError(
        `${label}: what it needs cannot be known, since ${error.message}. Nothing of this package is deleted while it is there; ` +
          "run again later, or delete that version by hand if it is not needed.",
      );
    }
  }
}

function sourceOf(registry: RegistryConnection, name: PackageName): BlobSource {
  async function* parts(blob: Descriptor, maxBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (blob.size > maxBytes) throw new NotUnderstood(`its blob ${blob.digest} has ${blob.size} bytes; expected ${maxBytes} at most`);
    try {
      yield* streamBlob(registry, name, blob);
    } catch (error) {
      throw error instanceof BlobFlaw ? new BlobFlaw(`its blob ${blob.digest} ${error.message}`, error.mayPass) : error;
    }
  }
  return {
    parts,
    json: async (config) => {
      const read: Uint8Array[] = [];
      for await (const part of parts(config, maxConfigBytes)) read.push(part);
      try {
        return JSON.parse(Buffer.concat(read).toString("utf8"));
      } catch {
        return undefined;
      }
    },
    repository: `${new URL(registry.url).host}/${name.owner}/${name.name}`.toLowerCase(),
  };
}
