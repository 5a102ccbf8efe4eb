// @ts-check
import { configuration, testsIn } from "./configuration.mjs";

export default configuration("plan", {
  mutate: ["components/graph/**/*.ts", "components/plan/**/*.ts"],
  tests: [
    ...testsIn("tests/graph"),
    // The random tests are left out: what falls should fall by a test that names what is lost.
    ...testsIn("tests/plan", /^(?!random-)[a-z-]+\.test\.ts$/),
    "tests/lifecycle/check.test.ts",
    "tests/lifecycle/diff.test.ts",
    ...testsIn("tests/conformance"),
  ],
});
