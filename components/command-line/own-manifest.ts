import { z } from "zod";

const Manifest = z.object({ version: z.string(), peerDependencies: z.record(z.string(), z.string()) });

/** Returns the manifest of this package. */
export function ownManifest(): z.output<typeof Manifest> {
  return Manifest.parse(require("ghcr-retention/package.json"));
}
