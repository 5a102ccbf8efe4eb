import { stringify } from "yaml";

/** A workflow whose one step uses an action so. */
export function workflow(uses: string, options: Readonly<Record<string, unknown>> = {}): string {
  return workflowOf([uses, options]);
}

export function workflowOf(...steps: readonly (readonly [uses: string, options: Readonly<Record<string, unknown>>])[]): string {
  return stringify({
    name: "clean",
    on: { schedule: [{ cron: "0 3 * * 0" }] },
    jobs: { clean: { "runs-on": "ubuntu-latest", steps: steps.map(([uses, options]) => ({ uses, with: options })) } },
  });
}
