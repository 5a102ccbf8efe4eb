// @ts-check
import { configuration, testsIn } from "./configuration.mjs";

const folder = "tests/sandbox/lifecycle/apply";
// Whole applies and restores take longest, so they run after the tests of single steps.
const slow = ["restore", "restore-hindered", "delete-in-batches", "apply"].map((name) => `${folder}/${name}.test.ts`);

export default configuration("apply", {
  mutate: ["components/lifecycle/apply/**/*.ts"],
  tests: [
    ...testsIn("tests/unit/lifecycle/apply"),
    ...testsIn(folder, /^(?!faults|two-applies)[a-z-]+\.test\.ts$/).filter((file) => !slow.includes(file)),
    ...slow,
  ],
});
