// The set-up runs on a fresh clone, so it is plain JavaScript; `tsc -p scripts/tsconfig.json` checks its types from its JSDoc.
declare module "*.mjs";
