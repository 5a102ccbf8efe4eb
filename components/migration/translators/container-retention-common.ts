import { type OldAge, parseOldAge } from "../step/old-age";
import type { StepInputs } from "../step/step-inputs";
import type { ElsewhereInput } from "../step/unknown-inputs";

export const action = "snok/container-retention-policy";

/** Reads the age of an input; `problemOf` names what this version of the action cannot read. */
export function cutOff(inputs: StepInputs, problemOf: (text: string) => string | undefined): OldAge | undefined {
  const text = inputs.text("cut-off");
  if (text === undefined) return undefined;
  const age = parseOldAge(text);
  const problem = problemOf(text);
  if (problem !== undefined) inputs.refuse("cut-off", problem);
  else if (age === undefined) inputs.ask("cut-off", "expected an age such as `30 days`; a date is no age");
  return age;
}

/** Inputs of one major version that the other one ignores. */
export const inputsOfVersion2: Readonly<Record<string, ElsewhereInput>> = {
  "account-type": { versions: "before version 3", instead: "account" },
  "org-name": { versions: "before version 3", instead: "account" },
  "token-type": { versions: "before version 3" },
  "untagged-only": { versions: "before version 3", instead: "tag-selection" },
  "skip-tags": { versions: "before version 3", instead: "image-tags" },
  "filter-tags": { versions: "before version 3", instead: "image-tags" },
  "filter-include-untagged": { versions: "before version 3", instead: "tag-selection" },
  "keep-at-least": { versions: "before version 3", instead: "keep-n-most-recent" },
};
export const inputsOfVersion3: Readonly<Record<string, ElsewhereInput>> = {
  account: { versions: "since version 3", instead: "org-name" },
  "image-tags": { versions: "since version 3", instead: "filter-tags" },
  "tag-selection": { versions: "since version 3", instead: "untagged-only" },
  "skip-shas": { versions: "since version 3" },
  "keep-n-most-recent": { versions: "since version 3", instead: "keep-at-least" },
  "rust-log": { versions: "since version 3" },
};

export function lossesOf(guardsChildren: boolean): string[] {
  return [
    ...(guardsChildren
      ? []
      : ["before v3.1.0 nothing kept the platforms of an image that stays: they are untagged versions like any other"]),
    "signature tags count as images: of two images to keep, one may be a signature",
    "a list that a rate limit cuts short, or that shifts while it is read, is taken as complete",
    "a failure does not fail the run, which ends with exit code 0",
  ];
}
