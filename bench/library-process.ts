/** Loads Pulumi, then the library, and prints how long each took, in milliseconds. */
export interface LibraryLoad {
  readonly pulumi: number;
  readonly library: number;
}

const start = performance.now();
require("@pulumi/pulumi");
const loaded = performance.now();
require("ghcr-retention");
const result: LibraryLoad = { pulumi: loaded - start, library: performance.now() - loaded };
process.stdout.write(JSON.stringify(result));
