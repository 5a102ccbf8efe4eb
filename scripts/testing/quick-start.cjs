// @ts-check
"use strict";
/** Loaded into each process of a test: most of what the processes of an engine run do is to load Pulumi's SDK. */
// The provider's launcher asks Node for a path with `node -e`, which loads nothing.
if (process.argv[1] !== undefined) {
  require("./lazy-modules.cjs");
  require("./compile-cache.cjs");
}
