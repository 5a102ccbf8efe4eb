// Loaded into every process that the engine starts: leaves a file once the provider's process has loaded this library.
const { writeFileSync } = require("node:fs");
if (/[\\/]dynamic-provider([\\/]index\.js)?$/.test(process.argv[1] ?? "")) {
  const loading = setInterval(() => {
    if (!Object.keys(require.cache).some((file) => /[\\/]components[\\/]lifecycle[\\/]index\.js$/.test(file))) return;
    clearInterval(loading);
    // It is configured in the same turn, and watches the engine from then on.
    setImmediate(() => writeFileSync(process.env.PROVIDER_MARK, ""));
  }, 5);
  loading.unref();
}
