/** An option of a step as it is written: the text of its value, and where it stands. */
export interface Option {
  readonly text: string;
  readonly line: number;
}

/** A step that uses an action. */
export interface Step {
  /** `owner/name`, in lower case. */
  readonly action: string;
  /** What stands after `@`: a tag, a branch or a commit. */
  readonly ref: string;
  /** What stands behind it: `v5.0.0` beside a commit. */
  readonly comment: string;
  readonly options: ReadonlyMap<string, Option>;
  readonly line: number;
}

/** How a step loses images. */
export interface Danger {
  readonly line: number;
  /** What it is that does, as written. */
  readonly what: string;
  readonly why: string;
  /** Where users or a test found that. */
  readonly source: string;
  /** A rule of ghcr-retention that does what was meant. */
  readonly rule: string;
}

export type Cleaner = (step: Step) => Danger | undefined;

/** A value that is written as an expression may be anything: doubt keeps. */
export function mayBe(option: Option | undefined, value: string, whenAbsent: boolean): boolean {
  if (option === undefined) return whenAbsent;
  return option.text.includes("${{") || option.text.trim().toLowerCase() === value;
}

export function isExactly(option: Option | undefined, value: string): boolean {
  return option?.text.trim().toLowerCase() === value;
}
