import type { CommentedEntry } from "../../../components/config-file/commented-entry";
import { stackDefaultsOf } from "../../../components/config-file/stack-defaults";
import { describeProblem } from "../../../components/migration/describe";
import { entriesOf } from "../../../components/migration/entries";
import { readWorkflow } from "../../../components/migration/read-workflow";

const path = "clean.yml";

/** The policies that the steps of a workflow become. */
export function entries(text: string, given: { owner?: string; packages?: string[] } = {}): CommentedEntry[] {
  return entriesOf(readWorkflow(text, path).translations, given, stackDefaultsOf()).entries.map(({ entry }) => entry);
}

/** What keeps its steps from becoming policies. */
export function problems(text: string, given: { owner?: string; packages?: string[] } = {}): string[] {
  const { unanswered } = entriesOf(readWorkflow(text, path).translations, given, stackDefaultsOf());
  return unanswered.map(({ step, path, problem }) => describeProblem(step, path, problem));
}
