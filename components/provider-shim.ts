import type { dynamic } from "@pulumi/pulumi";

/**
 * The engine stores this object's code in the state of every stack and runs the stored copy on refresh and destroy.
 * So it is one constant that never changes and loads the implementation at run time; a test holds its size and hash.
 */
export const providerShim: dynamic.ResourceProvider = {
  configure: async (request) => {
    const { createRequire } = require("node:module");
    const provider = createRequire(`${process.cwd()}/index.js`)("ghcr-retention/lifecycle").create();
    Object.assign(globalThis, { ghcrRetentionProvider: provider });
    return provider.configure(request);
  },
  check: async (olds, news) => (globalThis as unknown as Loaded).ghcrRetentionProvider.check(olds, news),
  diff: async (id, olds, news) => (globalThis as unknown as Loaded).ghcrRetentionProvider.diff(id, olds, news),
  create: async (inputs) => (globalThis as unknown as Loaded).ghcrRetentionProvider.create(inputs),
  update: async (id, olds, news) => (globalThis as unknown as Loaded).ghcrRetentionProvider.update(id, olds, news),
  read: async (id, props) => (globalThis as unknown as Loaded).ghcrRetentionProvider.read(id, props),
  delete: async (id, props) => (globalThis as unknown as Loaded).ghcrRetentionProvider.delete(id, props),
};

interface Loaded {
  readonly ghcrRetentionProvider: Required<dynamic.ResourceProvider>;
}
