import { createHash } from "node:crypto";
import pLimit from "p-limit";
import { z } from "zod";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import { headerOf } from "../http/response";
import { isSafeServer } from "../http/safe-url";
import type { RegistryConnection } from "./client";
import { indexMediaTypes, leafMediaTypes } from "./media-types";
import { fetchManifest } from "./registry";

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md, only the fields that a pull follows. */
const Descriptor = z.object({
  mediaType: z.string(),
  digest: z.string().regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/),
  size: z.int().nonnegative(),
});
type Descriptor = z.output<typeof Descriptor>;

const Pulled = z.object({
  manifests: z.array(Descriptor).nullish(),
  config: Descriptor.nullish(),
  layers: z.array(Descriptor).nullish(),
  blobs: z.array(Descriptor).nullish(),
});

/** Layers that registries do not hold: https://github.com/opencontainers/image-spec/blob/main/layer.md#non-distributable-layers */
const elsewhere = /nondistributable|\.foreign\./;

/** Maximum concurrent blobs. */
const concurrency = 4;

/**
 * Pulls an image with all platforms as a client does: every manifest and every blob, each verified by digest and size.
 * Nothing is stored. `pulled` holds the digests that are not pulled again. Throws a {@link RetentionError} that names what is missing.
 */
export async function pullImage(registry: RegistryConnection, name: PackageName, digest: string, pulled: Set<string>): Promise<void> {
  if (pulled.has(digest)) return;
  pulled.add(digest);
  const label = `${packageLabel(name)}@${digest}`;
  const manifest = await fetchManifest(registry, name, digest);
  if (manifest === undefined)
    throw new RetentionError(`${label} cannot be pulled: the registry does not know it; look at the package on GitHub.`);
  const { manifests, config, layers, blobs } = contentOf(manifest.bytes, label);
  const isManifest = ({ mediaType }: Descriptor) => indexMediaTypes.has(mediaType) || leafMediaTypes.has(mediaType);
  const listed = manifests ?? [];
  const content = [config, ...(layers ?? []), ...(blobs ?? []), ...listed.filter((entry) => !isManifest(entry))];
  const limit = pLimit(concurrency);
  await Promise.all(
    content.map((blob) =>
      limit(async () => {
        if (!blob || elsewhere.test(blob.mediaType) || pulled.has(blob.digest)) return;
        pulled.add(blob.digest);
        await pullBlob(registry, name, blob, label);
      }),
    ),
  );
  for (const child of listed.filter(isManifest)) await pullImage(registry, name, child.digest, pulled);
}

function contentOf(bytes: Buffer, label: string): z.output<typeof Pulled> {
  try {
    return Pulled.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    throw new RetentionError(
      `${label} cannot be pulled: it names its content in a form that is not understood; look at the package on GitHub.`,
    );
  }
}

async function pullBlob(registry: RegistryConnection, name: PackageName, { digest, size }: Descriptor, label: string): Promise<void> {
  const fail = (why: string) =>
    new RetentionError(`${label} cannot be pulled: its blob ${digest} ${why}; run \`pulumi up\` again, and look at the package on GitHub.`);
  const response = await askForBlob(registry, name, digest).catch((error: unknown) => {
    throw fail(`could not be had (${error instanceof Error ? error.message : String(error)})`);
  });
  if (response.status !== 200) throw fail(`is answered with ${response.status}`);
  const algorithm = digest.slice(0, digest.indexOf(":"));
  const hash = createHash(algorithm);
  let received = 0;
  try {
    for await (const chunk of response.body ?? []) {
      received += chunk.byteLength;
      if (received > size) break;
      hash.update(chunk);
    }
  } catch {
    throw fail("breaks off");
  }
  if (received !== size) throw fail(`has ${received > size ? "more" : "fewer"} than the ${size} bytes it should have`);
  if (`${algorithm}:${hash.digest("hex")}` !== digest) throw fail("has other content than its digest says");
}

interface BlobResponse {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** GHCR redirects blobs to another host, which must not receive the token. */
async function askForBlob({ client, url }: RegistryConnection, name: PackageName, digest: string): Promise<BlobResponse> {
  const answer = await client.open({ method: "GET", path: `${name.owner.toLowerCase()}/${name.name}/blobs/${digest}` });
  const location = headerOf(answer.headers, "location");
  if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
  answer.drop();
  const to = new URL(location, url);
  if (!isSafeServer(to)) throw new Error("the registry sends it from an address that is not https");
  return fetch(to);
}
