import { blobIdOf, blobListOf } from "../../../components/model/blobs";
import { digestOf, type Entry } from "./package";

/** The blobs that a manifest lists: name to bytes, `null` where the manifest does not tell them. */
export type Listed = Readonly<Record<string, number | null>>;

/** The entry with a manifest that lists these blobs. */
export function storing({ manifest, ...entry }: Entry, listed: Listed): Entry {
  const blobs = Object.entries(listed).map(([name, bytes]) => ({
    id: blobIdOf(digestOf(`blob ${name}`)),
    ...(bytes === null ? {} : { bytes }),
  }));
  return { ...entry, manifest: { index: false, children: [], ...manifest, blobs: blobListOf(blobs) } };
}
