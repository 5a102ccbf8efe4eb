import { writeAnswer } from "../inventory/snapshot-file";
import type { PassedOn } from "./state/passed-on";
import type { Outputs } from "./state/stored";

interface Answer {
  readonly file: string;
  readonly passedOn: PassedOn;
}

/** What the provider tells the program of each package: `check` what the engine passed on, and `diff` what the last update left. */
export class Answers {
  readonly #given = new Map<string, Answer>();

  async give(label: string, answer: Answer): Promise<void> {
    this.#given.set(label, answer);
    await writeAnswer(label, answer.file, JSON.stringify(answer.passedOn));
  }

  /** Adds what the last update left: only `diff` is told its outputs. */
  async addDone(label: string, { ledger = {}, refused = {} }: Partial<Pick<Outputs, "ledger" | "refused">>): Promise<void> {
    const given = this.#given.get(label);
    const isNothing = Object.keys(ledger).length + Object.keys(refused).length === 0;
    if (given?.passedOn.kind !== "known" || isNothing) return;
    await this.give(label, { ...given, passedOn: { ...given.passedOn, done: { ledger, refused } } });
  }
}
