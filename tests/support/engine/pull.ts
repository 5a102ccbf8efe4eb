import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { z } from "zod";
import { MediaType } from "../../../sandbox";
import type { PackageWorld } from "./world";

const Descriptor = z.looseObject({ digest: z.string() });
const Manifest = z.looseObject({
  manifests: z.array(Descriptor).default([]),
  config: Descriptor.optional(),
  layers: z.array(Descriptor).default([]),
});

/** Pulls every tag, with all platforms, attestations and layers, as a client would; fails on the first thing that is missing. */
export async function assertComplete(world: PackageWorld, ...tags: readonly string[]): Promise<void> {
  const { registryUrl, token, repository } = world.target;
  const seen = new Set<string>();

  async function get(path: string): Promise<Buffer> {
    const accept = Object.values(MediaType).join(", ");
    const authorization = `Bearer ${Buffer.from(token).toString("base64")}`;
    const response = await fetch(`${registryUrl}/v2/${repository}/${path}`, { headers: { accept, authorization } });
    assert.equal(response.status, 200, `${repository}: ${path} is answered with ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async function pull(reference: string): Promise<void> {
    if (seen.has(reference)) return;
    seen.add(reference);
    const bytes = await get(`manifests/${reference}`);
    if (reference.startsWith("sha256:")) assert.equal(digestOf(bytes), reference);
    const { manifests, config, layers } = Manifest.parse(JSON.parse(bytes.toString("utf8")));
    for (const { digest } of manifests) await pull(digest);
    for (const { digest } of [...(config ? [config] : []), ...layers]) {
      if (!seen.has(digest)) assert.equal(digestOf(await get(`blobs/${digest}`)), digest);
      seen.add(digest);
    }
  }

  assert.deepEqual(world.tags(), [...tags].sort());
  for (const tag of tags) await pull(tag);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
