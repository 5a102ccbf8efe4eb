// @ts-check
import { configuration, testsIn } from "./configuration.mjs";

export default configuration("plan", {
  mutate: ["components/graph/**/*.ts", "components/plan/**/*.ts"],
  tests: [
    ...testsIn("tests/graph"),
    // `random-*` tests the random cases themselves.
    ...testsIn("tests/plan", /^(?!random-)[a-z-]+\.test\.ts$/),
    "tests/lifecycle/check.test.ts",
    "tests/lifecycle/diff.test.ts",
    ...testsIn("tests/conformance"),
    ...testsIn("tests/plan", /\.property\.test\.ts$/),
    "tests/lifecycle/decision.property.test.ts",
  ],
});
