// @ts-check
import { configuration, testsIn } from "./configuration.mjs";

export default configuration("apply", {
  mutate: ["components/lifecycle/apply/**/*.ts"],
  tests: testsIn("tests/sandbox/lifecycle/apply", /^(?!faults|two-applies)[a-z-]+\.test\.ts$/),
});
