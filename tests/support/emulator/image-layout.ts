import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { buildIndex, type Content, descriptorOf, type MultiArchImage } from "../../../sandbox";

const Index = z.looseObject({ manifests: z.array(z.looseObject({ digest: z.string() })) });

/** Writes an OCI image layout with the image under a tag, or without a tag as the layout itself. https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
export function writeLayout(folder: string, image: MultiArchImage, tag: string | undefined): void {
  const images = [...image.children, ...image.attestations];
  for (const content of [image.index, ...images.flatMap(({ manifest, blobs }) => [manifest, ...blobs])]) writeBlob(folder, content);
  writeFileSync(path.join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(path.join(folder, "index.json"), tag === undefined ? image.index.bytes : indexOf(image, tag).bytes);
}

function indexOf(image: MultiArchImage, tag: string): Content {
  return buildIndex([{ ...descriptorOf(image.index), annotations: { "org.opencontainers.image.ref.name": tag } }]);
}

/** The digests that a layout's `index.json` names. */
export function rootsOf(folder: string): string[] {
  return Index.parse(JSON.parse(readFileSync(path.join(folder, "index.json"), "utf8"))).manifests.map(({ digest }) => digest);
}

export function readBlob(folder: string, digest: string): Buffer {
  return readFileSync(path.join(folder, "blobs", ...digest.split(":")));
}

function writeBlob(folder: string, { digest, bytes }: Content): void {
  const file = path.join(folder, "blobs", ...digest.split(":"));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
