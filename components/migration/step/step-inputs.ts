import type { Step } from "../../../cleaners/cleaner";

/** Reads the inputs of a step one by one, and collects those that no one read and those whose value only a run knows. */
export class StepInputs {
  readonly open: string[] = [];
  readonly #step: Step;
  readonly #read = new Set<string>();

  constructor(step: Step) {
    this.#step = step;
  }

  has(name: string): boolean {
    return (this.#step.options.get(name)?.text.trim() ?? "") !== "";
  }

  /** Returns the input's text; `undefined` when absent, empty, or an expression, which then counts as open. */
  text(name: string): string | undefined {
    this.#read.add(name);
    const option = this.#step.options.get(name);
    const text = option?.text.trim() ?? "";
    if (option === undefined || text === "") return undefined;
    if (!text.includes("${{")) return text;
    this.ask(name, "its value is known only during a run");
    return undefined;
  }

  /** Returns an input that names an owner or packages; an expression there is replaced by `--owner` and `--package`. */
  target(name: string): string | undefined {
    this.#read.add(name);
    const text = this.#step.options.get(name)?.text.trim() ?? "";
    return text === "" || text.includes("${{") ? undefined : text;
  }

  isTrue(name: string): boolean {
    return this.text(name)?.toLowerCase() === "true";
  }

  /** Returns a whole number of at least 0; any other value counts as open. */
  count(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d{1,9}$/.test(text)) return Number(text);
    this.ask(name, "expected a whole number");
    return undefined;
  }

  /** Records an input whose value is unknown or invalid. */
  ask(name: string, why: string): void {
    const option = this.#step.options.get(name);
    this.open.push(`line ${option?.line ?? this.#step.line}: \`${name}: ${oneLine(option?.text ?? "")}\`: ${why}`);
  }

  /** Notes the inputs without an equivalent, each with its line and what to do instead. */
  notes(withoutEquivalent: Readonly<Record<string, string>>): string[] {
    return Object.entries(withoutEquivalent).flatMap(([name, instead]) => {
      this.#read.add(name);
      const option = this.#step.options.get(name);
      return option === undefined ? [] : [`\`${name}\` (line ${option.line}): ${instead}`];
    });
  }

  /** Notes the inputs that the action does not have. */
  unknownInputs(): string[] {
    return [...this.#step.options]
      .filter(([name]) => !this.#read.has(name))
      .map(([name, { line }]) => `\`${name}\` (line ${line}): ${this.#step.action} has no such input, so it did nothing`);
  }
}

const maxValueLength = 80;

function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > maxValueLength ? `${line.slice(0, maxValueLength - 1)}…` : line;
}
