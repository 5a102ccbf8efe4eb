import { z } from "zod";

/** The form of a digest: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests */
export const digestForm = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
/** The form of a tag: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export const tagForm = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

export const Digest = z.string().regex(digestForm, 'expected a digest such as "sha256:" and 64 hex digits').meta({ id: "Digest" });

export const Tag = z.string().regex(tagForm, "expected a tag").meta({ id: "Tag" });
