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

  /** Adds what GitHub has refused: only `diff` is told the outputs of the last update. */
  async addRefused(label: string, { refused = {} }: Partial<Pick<Outputs, "refused">>): Promise<void> {
    const given = this.#given.get(label);
    if (given?.passedOn.kind !== "known" || Object.keys(refused).length === 0) return;
    await this.give(label, { ...given, passedOn: { ...given.passedOn, refused } });
  }
}
