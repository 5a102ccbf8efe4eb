import assert from "node:assert/strict";
import { migrated } from "./migrated";
import { workflow } from "./workflow";

/** The command's output for one step, which must leave the step open: no rule of it deletes. */
export async function leftOpen(uses: string, options: Readonly<Record<string, unknown>>) {
  const { rules, stdout, stderr, protect } = await migrated({ "clean.yml": workflow(uses, options) });
  assert.deepEqual(
    (rules["acme/app"] ?? assert.fail(stderr)).filter(({ action }) => action === "delete"),
    [],
    stdout,
  );
  assert.match(stderr, /stays open, and no rule of it deletes until it is completed in the config:$/m);
  const [, suggested = ""] = stdout.split("# Fill these in");
  return {
    rules: rules["acme/app"],
    protect: protect["acme/app"],
    suggested: suggested.replace(/\n\s*# +(?=[^ \-l])/g, " "),
    stdout,
    stderr,
  };
}
