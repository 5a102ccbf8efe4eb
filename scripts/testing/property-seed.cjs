// @ts-check
// Gives a long run of the property tests one seed, and tells it: PROPERTY_SEED repeats the run.
const { randomInt } = require("node:crypto");

if (process.env.LONG || process.env.PROPERTY_SEED) {
  const seed = Number(process.env.PROPERTY_SEED ?? randomInt(2 ** 31));
  process.stdout.write(`PROPERTY_SEED=${seed}\n`);
  require("fast-check").configureGlobal({ seed });
}
