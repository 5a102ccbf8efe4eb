// Preloaded into each process of an engine: those of policy packs note what their environment holds of the stack's config.
const { appendFileSync } = require("node:fs");

if (process.argv[1]?.includes("run-policy-pack")) {
  const note = () => appendFileSync(process.env.NOTES, `${JSON.stringify(process.env.PULUMI_CONFIG ?? null)}\n`);
  note();
  setInterval(note, 50).unref();
}
