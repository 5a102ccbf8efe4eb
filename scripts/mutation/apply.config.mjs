// @ts-check
import { configuration } from "./configuration.mjs";

const step = ["apply", "deletions", "light", "proof", "restoring", "sweep", "verify"];

export default configuration("apply", {
  mutate: step.map((name) => `components/lifecycle/${name}.ts`),
  tests: ["deletions", "verify", "outputs", "undo", "unproven", "proof", "sweep", "apply", "restored-late", "restoring"].map(
    (name) => `tests/lifecycle/${name}.test.ts`,
  ),
});
