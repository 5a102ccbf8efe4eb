import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "./scenario";

/** A line of a file that is replaced when the file is loaded. */
interface Change {
  readonly file: string;
  readonly original: string;
  readonly replacement: string;
}

/** The code under test without one of its guards. */
export interface Mutant extends Change {
  readonly guard: string;
  readonly also?: Change;
  /** Where its absence shows. */
  readonly scenario: Scenario;
}

const apply = "components/lifecycle/apply";
const one = { runs: "one apply", atomic: true } as const;

export const mutants: readonly Mutant[] = [
  {
    guard: "the package is observed again before each batch",
    file: `${apply}/delete-in-batches.ts`,
    original: "now = await untilStopped(stop.changes, run.recheck(now.observation.memory, batch(now)))",
    replacement: "now = { ...now, going: now.going.without(new Set(progress.deleted.map(({ version }) => version.digest))) }",
    scenario: { ...one, world: "batches", actions: ["push"] },
  },
  {
    guard: "an image is deleted before its parts",
    file: `${apply}/delete-versions.ts`,
    original: "for (const version of verified.inOrder().slice(0, count)) {",
    replacement: "for (const version of [...verified.inOrder()].reverse().slice(0, count)) {",
    scenario: { ...one, world: "index", actions: ["kill"] },
  },
  {
    guard: "what GitHub refuses to delete keeps its parts",
    file: `${apply}/delete-versions.ts`,
    original: "    set = narrowed;\n",
    replacement: "",
    scenario: { ...one, world: "index", actions: ["refuse"] },
  },
  {
    guard: "the registry is asked for each tag that stays",
    file: `${apply}/delete-in-batches.ts`,
    original: "await untilStopped(stop.changes, confirmTags(connection, now.graph, retainedIn(now)));",
    replacement: "",
    scenario: { ...one, world: "shared", actions: ["lagOn", "move"] },
  },
  {
    guard: "every image is verified after the last deletion",
    file: `${apply}/undo.ts`,
    original: "  const before = await findBroken(connection, route, first.graph, complete);\n",
    replacement: "  if (complete.length >= 0) return [];\n  const before = await findBroken(connection, route, first.graph, complete);\n",
    scenario: { ...one, world: "index", actions: ["push"] },
  },
  {
    guard: "tags and signatures that came just before a deletion are looked for",
    file: `${apply}/undo.ts`,
    original: ", ...lost, ",
    replacement: ", ",
    scenario: { ...one, world: "index", actions: ["tag"] },
  },
  {
    guard: "an incomplete image is mended by undoing",
    file: `${apply}/delete-in-batches.ts`,
    original: "if (broken.length > 0) throw new RetentionError(await undo(run, broken, verify));",
    replacement: 'if (broken.length > 0) throw new RetentionError("an image is not complete");',
    scenario: { ...one, world: "index", actions: ["tag"] },
  },
  {
    guard: "the next run completes what lacks a part that the policy deleted",
    file: "components/approval/decide.ts",
    original: "{ ...pick(known, lacked), ...restore.restoring }",
    replacement: "restore.restoring",
    scenario: { ...one, world: "index", actions: ["restoreAll"], atomic: false },
  },
  {
    guard: "only one's own deletions are undone",
    file: `${apply}/undo.ts`,
    original: "progress.deleted.filter(({ alreadyGone }) => alreadyGone === undefined)",
    replacement: "[...progress.found, ...progress.deleted].filter(({ version }) => version.id > 0)",
    scenario: { ...one, world: "index", actions: ["push", "deleteGoing"] },
  },
  {
    guard: "a version that is younger than the minimum age, or came today, stays",
    file: "components/plan/plan.ts",
    original: "moment - lastChange(node) < policy.minimumAge",
    replacement: "moment - lastChange(node) < Number.NEGATIVE_INFINITY",
    also: { file: "components/plan/judge.ts", original: " && lastChange(node) <= moment);", replacement: ");" },
    scenario: { runs: "one apply", world: "automatic", actions: ["pushNew"] },
  },
];

const root = join(__dirname, "..", "..", "..", "..");

/** Path to text, of each file without the guard. */
export function sourcesWithout({ guard, file, original, replacement, also }: Mutant): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const change of [{ file, original, replacement }, ...(also ? [also] : [])]) {
    const path = join(root, change.file);
    const source = sources.get(path) ?? readFileSync(path, "utf8");
    if (source.split(change.original).length !== 2)
      throw new Error(`${change.file} has no such line, or several, for the mutant without '${guard}': ${change.original}`);
    sources.set(
      path,
      source.replace(change.original, () => change.replacement),
    );
  }
  return sources;
}
