import { holdsExpression, type Step } from "../../../cleaners/cleaner";
import type { OldDeletions, OpenInput } from "./translation";

/** The values of a flag; any other text counts as `invalid`. */
export interface FlagForms {
  readonly on: RegExp;
  readonly off: RegExp;
  /** What the action makes of any other text. */
  readonly invalid: "off" | "cannot-start";
}

/** `core.getBooleanInput` of GitHub's toolkit. */
export const toolkitFlag: FlagForms = { on: /^(true|True|TRUE)$/, off: /^(false|False|FALSE)$/, invalid: "cannot-start" };

/** Reads the inputs of a step one by one, and collects those that no one read and those that leave the step open. */
export class StepInputs {
  readonly open: OpenInput[] = [];
  readonly #step: Step;
  readonly #isAvailable: (name: string) => boolean;
  readonly #read = new Set<string>();
  #placeholder: string | undefined;
  #isCountable = true;

  /** `isAvailable` tells which inputs this version of the action has. */
  constructor(step: Step, isAvailable: (name: string) => boolean = () => true) {
    this.#step = step;
    this.#isAvailable = isAvailable;
  }

  has(name: string): boolean {
    return this.#written(name) !== "";
  }

  /** Whether the input is written without a value, which for some actions is not the same as leaving it out. */
  isEmptied(name: string): boolean {
    return this.#isAvailable(name) && this.#step.options.has(name) && !this.has(name);
  }

  /** Whether the input's value is known only in a run. */
  isUnknown(name: string): boolean {
    return holdsExpression(this.#written(name));
  }

  /** Returns the input's text; `undefined` when absent, empty, or an expression, which then counts as open. */
  text(name: string): string | undefined {
    const text = this.number(name);
    return text === undefined ? undefined : this.#asMeant(name, text);
  }

  /** Returns the text of an input that is a number, in whatever notation. */
  number(name: string): string | undefined {
    this.#read.add(name);
    const text = this.#written(name);
    if (text !== "" && this.#step.options.get(name)?.isCollection) {
      this.refuse(name, "expected text: GitHub refuses the workflow with a list or a map here");
      return undefined;
    }
    if (text === "") return undefined;
    if (!holdsExpression(text)) return text;
    if (!this.open.some(({ input }) => input === name)) this.#add(name, "known-in-a-run", "its value is known only during a run");
    this.#isCountable = false;
    return undefined;
  }

  /** Returns `1.10` for the number 1.1 that GitHub makes of it. */
  #asMeant(name: string, text: string): string {
    const written = this.#step.options.get(name)?.written;
    if (written === undefined || holdsExpression(written) || Number(written) !== Number(text)) return text;
    if (!this.open.some(({ input }) => input === name)) this.#add(name, "misread", `without quotes GitHub reads it as the number ${text}`);
    this.#isCountable = false;
    return written;
  }

  /** Returns an input that names an owner or packages; an expression there is replaced by `--owner` and `--package`. */
  target(name: string): string | undefined {
    this.#read.add(name);
    const text = this.#written(name);
    return text === "" || holdsExpression(text) ? undefined : text;
  }

  /** Returns the first of the inputs that name packages, and remembers an expression there. */
  packages(...names: readonly string[]): string | undefined {
    const found = names.map((name) => this.target(name)).find((text) => text !== undefined);
    if (found === undefined) this.#placeholder = names.map((name) => this.#written(name)).find(holdsExpression);
    return found;
  }

  get placeholder(): { readonly placeholder?: string } {
    return this.#placeholder === undefined ? {} : { placeholder: this.#placeholder };
  }

  /** Reads a flag; an unknown one is what selects less. */
  isOn(name: string, forms: FlagForms, whenUnknown = false): boolean {
    if (this.isUnknown(name)) {
      this.text(name);
      return whenUnknown;
    }
    const text = this.text(name);
    if (text === undefined || forms.off.test(text)) return false;
    if (forms.on.test(text)) return true;
    if (forms.invalid === "cannot-start") this.refuse(name, "expected true or false");
    else this.doubt(name, "misread", "expected true or false: for the action anything else is false");
    return whenUnknown;
  }

  /** Returns a whole number of at least 0; the action fails with any other. */
  count(name: string): number | undefined {
    const text = this.number(name);
    if (text === undefined) return undefined;
    if (/^\d{1,9}$/.test(text)) return Number(text);
    this.refuse(name, "expected a whole number");
    return undefined;
  }

  /** Records an input that has no equivalent, so that what the step deletes cannot be computed either. */
  ask(name: string, why: string): void {
    this.#isCountable = false;
    this.#add(name, "no-equivalent", why);
  }

  /** Records an input that the action does not read as it was meant; what the step deletes is known. */
  doubt(name: string, reason: OpenInput["reason"], why: string): void {
    this.#read.add(name);
    this.#add(name, reason, why);
  }

  /** Records an input with which the step fails before it deletes anything. */
  refuse(name: string, why: string): void {
    this.#read.add(name);
    this.#add(name, "cannot-start", `${why}; the step fails before it deletes anything`);
  }

  /** The inputs of the step that were not read. */
  get unread(): readonly { readonly name: string; readonly text: string; readonly line: number }[] {
    return [...this.#step.options]
      .filter(([name]) => !this.#read.has(name) || !this.#isAvailable(name))
      .map(([name, { text, line }]) => ({ name, text: text.trim(), line }));
  }

  get fails(): boolean {
    return this.open.some(({ reason }) => reason === "cannot-start");
  }

  /** Whether every value that decides what is deleted is known. */
  get isCountable(): boolean {
    return this.#isCountable;
  }

  /** Completes the computation of what the step deletes: nothing when it cannot start or only shows. */
  counted(deletions: OldDeletions, shows: "dry-run" | undefined): { readonly oldDeletions?: OldDeletions } {
    if (this.fails) return { oldDeletions: () => new Set() };
    if (shows !== undefined && this.isUnknown(shows)) return {};
    if (shows !== undefined && /^(true|t|yes|y|on|1)$/i.test(this.#written(shows))) return { oldDeletions: () => new Set() };
    return this.#isCountable ? { oldDeletions: deletions } : {};
  }

  /** Notes the inputs without an equivalent, each with its line and what to do instead. */
  notes(withoutEquivalent: Readonly<Record<string, string>>): string[] {
    return Object.entries(withoutEquivalent).flatMap(([name, instead]) => {
      this.#read.add(name);
      const option = this.#isAvailable(name) ? this.#step.options.get(name) : undefined;
      return option === undefined ? [] : [`\`${name}\` (line ${option.line}): ${instead}`];
    });
  }

  #written(name: string): string {
    return this.#isAvailable(name) ? (this.#step.options.get(name)?.text.trim() ?? "") : "";
  }

  #add(input: string, reason: OpenInput["reason"], why: string): void {
    const option = this.#step.options.get(input);
    const written = option === undefined ? {} : { written: isSecret(input) ? "…" : oneLine(option.written ?? option.text) };
    this.open.push({ input, line: option?.line ?? this.#step.line, ...written, reason, why });
  }
}

/** Whether an input may hold a token, by its name. */
export function isSecret(input: string): boolean {
  return /token|secret|password|\bpat\b/.test(input);
}

const maxValueLength = 80;

function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > maxValueLength ? `${line.slice(0, maxValueLength - 1)}…` : line;
}
