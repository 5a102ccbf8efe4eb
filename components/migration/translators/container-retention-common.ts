import { type OldAge, parseOldAge } from "../step/old-age";
import type { StepInputs } from "../step/step-inputs";

export function cutOff(inputs: StepInputs): OldAge | undefined {
  const text = inputs.text("cut-off");
  const age = text === undefined ? undefined : parseOldAge(text);
  if (text !== undefined && age === undefined) inputs.ask("cut-off", "expected an age such as `30 days`; a date is no age");
  return age;
}

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
