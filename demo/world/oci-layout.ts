import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Descriptor = z.object({
  digest: z.string(),
  platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
type Descriptor = z.infer<typeof Descriptor>;
const Index = z.object({ manifests: z.array(Descriptor) });
const Manifest = z.object({ config: Descriptor, layers: z.array(Descriptor) });

/** The annotation in which a client records the reference that it pulled. */
const pulledAs = "org.opencontainers.image.ref.name";

/**
 * Reads a folder written by `crane pull --format oci --annotate-ref`: a map from tag to the platforms that are complete, with
 * config and layers.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export function platformsByTag(folder: string): Map<string, string[]> {
  const { manifests } = Index.parse(JSON.parse(readFileSync(join(folder, "index.json"), "utf8")));
  return new Map(
    manifests.map((image) => {
      const reference = image.annotations?.[pulledAs] ?? image.digest;
      const children = Index.parse(contentOf(folder, image)).manifests;
      const whole = children.filter((child) => isWhole(folder, child));
      return [reference.slice(reference.lastIndexOf(":") + 1), whole.map(nameOf).filter((name) => name !== "unknown/unknown")];
    }),
  );
}

function isWhole(folder: string, child: Descriptor): boolean {
  if (!existsSync(fileOf(folder, child))) return false;
  const { config, layers } = Manifest.parse(contentOf(folder, child));
  return [config, ...layers].every((blob) => existsSync(fileOf(folder, blob)));
}

/** Names the platform; an index lists attestations as `unknown/unknown`. */
function nameOf({ platform }: Descriptor): string {
  return platform === undefined ? "unknown/unknown" : `${platform.os}/${platform.architecture}`;
}

function contentOf(folder: string, descriptor: Descriptor): unknown {
  return JSON.parse(readFileSync(fileOf(folder, descriptor), "utf8"));
}

function fileOf(folder: string, { digest }: Descriptor): string {
  return join(folder, "blobs", ...digest.split(":"));
}
