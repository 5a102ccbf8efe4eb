import { gzipSync } from "node:zlib";
import { type Content, descriptorOf, type Image, jsonContent, MediaType, type PushTarget, pushBuilt } from "../../../sandbox";
import { digestOf } from "../../../sandbox/store/digest";
import { tarOf } from "../../../sandbox/tar";

const dockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const dockerConfig = "application/vnd.docker.container.image.v1+json";

/** An image of one layer, as imgpkg pushes files and bundles. */
export interface OneLayer {
  /** The layer's bytes. */
  readonly layer: Buffer;
  readonly labels?: Readonly<Record<string, string>>;
}

export function oneLayerImage({ layer, labels }: OneLayer): Image {
  const blob: Content = { mediaType: dockerLayer, digest: digestOf(layer), bytes: layer };
  const config = jsonContent(dockerConfig, {
    architecture: "",
    os: "",
    config: labels === undefined ? {} : { Labels: labels },
    rootfs: { type: "layers", diff_ids: [blob.digest] },
  });
  const mediaType = MediaType.dockerManifest;
  const manifest = jsonContent(mediaType, { schemaVersion: 2, mediaType, config: descriptorOf(config), layers: [descriptorOf(blob)] });
  return { manifest, blobs: [config, blob] };
}

export const bundleLabel = { "dev.carvel.imgpkg.bundle": "true" };

/** The layer of a bundle that names these images, somewhere else. */
export function lockLayer(digests: readonly string[], file = ".imgpkg/images.yml"): Buffer {
  const images = digests.map((digest) => `- image: registry.example/acme/other@${digest}\n`).join("");
  const lock = `---\napiVersion: imgpkg.carvel.dev/v1alpha1\nkind: ImagesLock\n${images === "" ? "" : `images:\n${images}`}`;
  return gzipSync(tarOf(file, lock));
}

/** Pushes a bundle as `imgpkg copy` does: under its tags, and under one that names its own digest. */
export async function pushBundle(target: PushTarget, tags: readonly string[], images: readonly string[]): Promise<string> {
  return pushRelocated(target, oneLayerImage({ layer: lockLayer(images), labels: bundleLabel }), tags);
}

/** Pushes what `imgpkg copy` brought along. */
export async function pushRelocated(target: PushTarget, image: Image, tags: readonly string[] = []): Promise<string> {
  return pushBuilt(target, image, [...tags, `${image.manifest.digest.replace(":", "-")}.imgpkg`]);
}
