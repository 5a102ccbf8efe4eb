// @ts-check
import { configuration, testsIn } from "./configuration.mjs";

export default configuration("plan", {
  mutate: ["components/graph/**/*.ts", "components/plan/**/*.ts", "components/approval/**/*.ts", "components/report/preview-report.ts"],
  tests: [
    ...testsIn("tests/unit/graph"),
    // Without the random tests: a mutant should fail a test that names the broken behaviour. Without the test that counts steps, which
    // takes a third of the time and says nothing of what is lost.
    ...testsIn("tests/unit/plan", /^(?!growth)[a-z-]+\.test\.ts$/),
    ...testsIn("tests/unit/approval"),
    ...testsIn("tests/unit/messages"),
    ...testsIn("tests/unit/report"),
    "tests/unit/lifecycle/check.test.ts",
    "tests/unit/lifecycle/diff.test.ts",
    ...testsIn("tests/unit/conformance"),
    // Last, since they take longest.
    ...testsIn("tests/property/plan", /^(?!random-)[a-z-]+\.test\.ts$/),
    ...testsIn("tests/property/approval"),
  ],
});
