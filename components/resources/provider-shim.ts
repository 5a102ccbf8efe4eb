import type { dynamic } from "@pulumi/pulumi";

/**
 * The engine stores this object's code twice in the state of each resource, and runs the stored copy on refresh and
 * destroy. So it is one constant that never changes and becomes the implementation at run time: the provider's process
 * configures it before anything else, and asks for its methods only then. A test holds its size and hash.
 */
export const providerShim = {
  configure(request) {
    const load = require("node:module").createRequire(`${process.cwd()}/index.js`);
    return Object.assign(this, load("ghcr-retention/lifecycle").create()).configure(request);
  },
  // The other methods are there once it is configured.
} satisfies Partial<dynamic.ResourceProvider> as unknown as dynamic.ResourceProvider;
