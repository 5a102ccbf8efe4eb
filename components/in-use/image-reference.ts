import { z } from "zod";
import { Digest, Tag } from "../model/digest";

/** The parts of `registry/owner/name:tag@digest`. Without tag and digest, the tag is `latest`. */
export interface ParsedReference {
  readonly registry: string;
  readonly owner: string;
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

// The first part is a host if it contains a dot or a port, or is localhost: https://github.com/distribution/reference/blob/main/normalize.go
const form = /^((?:[^/:@\s]*\.[^/:@\s]*|localhost|[^/:@\s]+(?=:\d))(?::\d+)?)\/([^/:@\s]+)\/([^:@\s]+)(?::([^/:@\s]+))?(?:@([^/@\s]+))?$/;

/** Parses an image reference. Returns `undefined` if it names no registry or is not a reference. */
export function parseReference(text: string): ParsedReference | undefined {
  // The prefix of image ids in Kubernetes with Docker.
  const [, registry, owner, name, tag, digest] = form.exec(text.replace(/^docker-pullable:\/\//, "")) ?? [];
  if (registry === undefined || owner === undefined || name === undefined) return undefined;
  if (tag !== undefined && !Tag.safeParse(tag).success) return undefined;
  if (digest !== undefined && !Digest.safeParse(digest).success) return undefined;
  const version = { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
  return { registry, owner: owner.toLowerCase(), name, ...(tag === undefined && digest === undefined ? { tag: "latest" } : version) };
}

export const ImageReference = z
  .string()
  .refine((text) => parseReference(text) !== undefined, "expected an image reference such as `ghcr.io/acme/app:prod`")
  .meta({ id: "ImageReference" });
