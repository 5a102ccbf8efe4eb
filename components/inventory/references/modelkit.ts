import { z } from "zod";
import type { Reference } from "../../model/inventory";
import { NotUnderstood, type ReferenceReader } from "./reader";

const configType = "application/vnd.kitops.modelkit.config.v1+json";

/** The config of a ModelKit is its Kitfile: https://kitops.org/docs/kitfile/format/ */
const Kitfile = z.object({ model: z.object({ path: z.string().nullish() }).nullish() });

/** `ghcr.io/acme/models:base`, `ghcr.io/acme/models@sha256:…`, or both. */
const referenceForm = /^([^/@\s]+\/[^@\s]+?)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/**
 * ModelKits of KitOps: one that builds on another names that one where its model's path would be, and `kit pull` and `kit unpack`
 * fail without it (https://github.com/kitops-ml/kitops/blob/v1.7.0/pkg/cmd/pull/pull.go). Only a base in the same package is an edge.
 */
export const modelKit: ReferenceReader = {
  mark: configType,

  understands({ config }) {
    return config?.mediaType === configType;
  },

  async read({ config }, source) {
    if (config == null) return [];
    const kitfile = Kitfile.safeParse(await source.json(config));
    if (!kitfile.success) throw new NotUnderstood("its config is no Kitfile");
    return baseOf(kitfile.data.model?.path ?? "", source.repository);
  },
};

function baseOf(path: string, repository: string): Reference[] {
  const [, name, tag, digest] = referenceForm.exec(path) ?? [];
  if (name?.toLowerCase() !== repository) return [];
  if (digest !== undefined) return [{ to: { digest }, label: "base model" }];
  return tag === undefined ? [] : [{ to: { tag }, label: "base model" }];
}
