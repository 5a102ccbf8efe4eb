/** An option of a step: its value, and its line. */
export interface Option {
  readonly text: string;
  readonly line: number;
  /** What stands in the file, where GitHub makes another text of it: a number without quotes, or an expression whose value is known. */
  readonly written?: string;
  /** True for a list or a map, with which GitHub refuses the workflow. */
  readonly isCollection?: true;
}

/** A step that uses an action. */
export interface Step {
  /** `owner/name`, in lower case. */
  readonly action: string;
  /** The part after `@`: a tag, a branch or a commit. */
  readonly ref: string;
  /** The comment after it, such as `v5.0.0` after a commit. */
  readonly comment: string;
  readonly options: ReadonlyMap<string, Option>;
  readonly line: number;
}

/** A way in which a step loses images. */
export interface Danger {
  readonly line: number;
  /** The action or script, with the option as written. */
  readonly what: string;
  /** `owner/name`, where it is an action. */
  readonly action?: string;
  readonly why: string;
  /** The report or the test that found it. */
  readonly source: string;
  /** The equivalent rule of ghcr-retention. */
  readonly rule: string;
}

export type Cleaner = (step: Step) => Danger | undefined;

/** Whether a text holds an expression, whose value GitHub fills in. */
export function holdsExpression(text: string): boolean {
  return text.includes("${{");
}

/** Whether the option may have the value; an expression may have any value, and doubt keeps. */
export function mayBe(option: Option | undefined, value: string, whenAbsent: boolean): boolean {
  if (option === undefined) return whenAbsent;
  return holdsExpression(option.text) || option.text.trim().toLowerCase() === value;
}

export function isExactly(option: Option | undefined, value: string): boolean {
  return option?.text.trim().toLowerCase() === value;
}
