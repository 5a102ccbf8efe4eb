// @ts-check
import { configuration, testsIn } from "./configuration.mjs";

const step = ["apply", "deletions", "light", "proof", "restoring", "sweep", "verify"];

export default configuration("apply", {
  mutate: step.map((name) => `components/lifecycle/${name}.ts`),
  tests: testsIn("tests/lifecycle", /^(deletions|verify|apply|restoring|undo)\.test\.ts$/),
});
