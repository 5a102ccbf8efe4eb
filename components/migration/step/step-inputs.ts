import type { Step } from "../../../cleaners/cleaner";

/** Reads the inputs of a step one by one, and remembers which nobody asked for and which only a run knows. */
export class StepInputs {
  readonly open: string[] = [];
  readonly #step: Step;
  readonly #asked = new Set<string>();

  constructor(step: Step) {
    this.#step = step;
  }

  has(name: string): boolean {
    return (this.#step.options.get(name)?.text.trim() ?? "") !== "";
  }

  /** The input's text; `undefined`: not written, empty, or an expression, which then is open. */
  text(name: string): string | undefined {
    this.#asked.add(name);
    const option = this.#step.options.get(name);
    const text = option?.text.trim() ?? "";
    if (option === undefined || text === "") return undefined;
    if (!text.includes("${{")) return text;
    this.ask(name, "only a run knows its value");
    return undefined;
  }

  /** The same for what says which package is meant: an expression there is for `--owner` and `--package` to answer. */
  place(name: string): string | undefined {
    this.#asked.add(name);
    const text = this.#step.options.get(name)?.text.trim() ?? "";
    return text === "" || text.includes("${{") ? undefined : text;
  }

  isTrue(name: string): boolean {
    return this.text(name)?.toLowerCase() === "true";
  }

  /** A whole number of at least 0; anything else that is written is open. */
  count(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d{1,9}$/.test(text)) return Number(text);
    this.ask(name, "expected a whole number");
    return undefined;
  }

  /** An input whose value cannot be had or understood. */
  ask(name: string, why: string): void {
    const option = this.#step.options.get(name);
    this.open.push(`line ${option?.line ?? this.#step.line}: \`${name}: ${oneLine(option?.text ?? "")}\`: ${why}`);
  }

  /** What has no equivalent is named where it is written, with what to do instead. */
  notes(withoutEquivalent: Readonly<Record<string, string>>): string[] {
    return Object.entries(withoutEquivalent).flatMap(([name, instead]) => {
      this.#asked.add(name);
      const option = this.#step.options.get(name);
      return option === undefined ? [] : [`\`${name}\` (line ${option.line}): ${instead}`];
    });
  }

  /** Inputs that the action does not have. */
  strangers(): string[] {
    return [...this.#step.options]
      .filter(([name]) => !this.#asked.has(name))
      .map(([name, { line }]) => `\`${name}\` (line ${line}): ${this.#step.action} has no such input, so it did nothing`);
  }
}

const maxValueLength = 80;

function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > maxValueLength ? `${line.slice(0, maxValueLength - 1)}…` : line;
}
