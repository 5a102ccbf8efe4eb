// Loaded into every process that the engine starts: leaves a file once it is the provider's.
const { writeFileSync } = require("node:fs");
if (/[\\/]dynamic-provider([\\/]index\.js)?$/.test(process.argv[1] ?? "")) writeFileSync(process.env.PROVIDER_MARK, "");
