import { z } from "zod";

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md, only the fields that a pull follows. */
const Descriptor = z.object({
  mediaType: z.string(),
  digest: z.string().regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/),
  size: z.int().nonnegative(),
});
export type Descriptor = z.output<typeof Descriptor>;

const Content = z.object({
  manifests: z.array(Descriptor).nullish(),
  config: Descriptor.nullish(),
  layers: z.array(Descriptor).nullish(),
  blobs: z.array(Descriptor).nullish(),
});

/** What a manifest names as its content. */
export type Content = z.output<typeof Content>;

/** Parses the body of a manifest; `undefined` for a form that is not understood. */
export function contentOf(body: string): Content | undefined {
  try {
    return Content.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}
