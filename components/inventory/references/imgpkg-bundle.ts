import { z } from "zod";
import type { Reference } from "../../model/inventory";
import type { Content, Descriptor } from "../registry/content";
import { type BlobSource, NotUnderstood, type ReferenceReader } from "./reader";
import { fileInTar } from "./tar-file";

/** imgpkg writes a bundle as one layer of this type, and reads no other: https://github.com/carvel-dev/imgpkg/blob/v0.46.1/pkg/imgpkg/bundle/bundle_images_lock.go */
const layerType = "application/vnd.docker.image.rootfs.diff.tar.gzip";
/** The label that makes an image a bundle, whatever its value. */
const bundleLabel = "dev.carvel.imgpkg.bundle";
const lockFile = ".imgpkg/images.yml";

const maxLayerBytes = 64 * 1024 * 1024;

const Config = z.object({ config: z.object({ Labels: z.record(z.string(), z.unknown()).nullish() }).nullish() });

/** https://carvel.dev/imgpkg/docs/latest/resources/#imageslock-configuration */
const ImagesLock = z.object({
  kind: z.literal("ImagesLock"),
  images: z.array(z.object({ image: z.string() })).nullish(),
});

/**
 * Bundles of Carvel's imgpkg (https://carvel.dev/imgpkg/docs/latest/): the images of a bundle are named in a file of its only
 * layer. `imgpkg copy` puts them beside the bundle, by the same digests, whatever registry the file names.
 */
export const imgpkgBundle: ReferenceReader = {
  mark: layerType,

  understands({ config, layers }) {
    return config != null && layers?.length === 1 && layers[0]?.mediaType === layerType;
  },

  async read(content, source) {
    const { config, layer } = partsOf(content);
    return (await isBundle(config, source)) ? imagesOf(layer, source) : [];
  },
};

function partsOf({ config, layers }: Content): { readonly config: Descriptor; readonly layer: Descriptor } {
  return { config: config as Descriptor, layer: layers?.[0] as Descriptor };
}

/** Many ordinary images have a single layer too: only the config tells. */
async function isBundle(config: Descriptor, source: BlobSource): Promise<boolean> {
  const parsed = Config.safeParse(await source.json(config));
  return parsed.success && Object.hasOwn(parsed.data.config?.Labels ?? {}, bundleLabel);
}

async function imagesOf(layer: Descriptor, source: BlobSource): Promise<Reference[]> {
  const text = await fileInTar(source.parts(layer, maxLayerBytes), lockFile);
  if (text === undefined) throw new NotUnderstood(`it is an imgpkg bundle, and its layer holds no ${lockFile}`);
  const lock = ImagesLock.safeParse(await parseYaml(text));
  if (!lock.success) throw new NotUnderstood(`${lockFile} in its layer is no ImagesLock`);
  return (lock.data.images ?? []).map(({ image }) => {
    const digest = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
    if (digest === undefined) throw new NotUnderstood(`${lockFile} in its layer names an image without a digest`);
    return { to: { digest }, label: "bundled image" };
  });
}

async function parseYaml(text: string): Promise<unknown> {
  // Few packages hold bundles.
  const { parse } = await import("yaml");
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
