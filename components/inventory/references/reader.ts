import type { Reference } from "../../model/inventory";
import type { Content, Descriptor } from "../registry/content";

/** Reads the blobs of one manifest. */
export interface BlobSource {
  /** Reads a config of at most 1 MiB, verified by size and digest; `undefined` if it is no JSON. Throws {@link NotUnderstood} for a larger one. */
  json(config: Descriptor): Promise<unknown>;
  /** Reads a blob of at most `maxBytes`, part by part; what was read is verified only at the end. Throws {@link NotUnderstood} for a larger one. */
  parts(blob: Descriptor, maxBytes: number): AsyncIterable<Uint8Array>;
  /** The package as references name it: `ghcr.io/acme/app`, in lower case. */
  readonly repository: string;
}

/**
 * Reads what a tool notes in a layer or in the config of its manifests, and needs again when it reads the artifact. References
 * that stand in a manifest itself (children, subject) need no reader.
 */
export interface ReferenceReader {
  /** A text that every manifest of this kind contains, so that most manifests are passed over without parsing them again. */
  readonly mark: string;
  /** Whether it reads the blobs of this manifest. */
  understands(content: Content): boolean;
  /** Returns what the artifact names. Throws {@link NotUnderstood}, or what `source` throws: doubt keeps (S3). */
  read(content: Content, source: BlobSource): Promise<readonly Reference[]>;
}

/** A blob that cannot be understood. The message continues "what it needs cannot be known: …". */
export class NotUnderstood extends Error {
  override readonly name = "NotUnderstood";
}
