import { writeAnswer } from "../inventory/snapshot-file";
import type { PassedOn } from "./state/passed-on";
import { restoredSince } from "./state/restored-since";
import type { CheckedInputs, Outputs } from "./state/stored";

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

  /** Adds which approved versions stay: only `diff` is told the outputs of the last update. */
  async addRefused(label: string, { refused = {}, ledger = {} }: Partial<Outputs>, news: CheckedInputs): Promise<void> {
    const given = this.#given.get(label);
    const staying = { ...refused, ...restoredSince(news, ledger) };
    if (given?.passedOn.kind !== "known" || Object.keys(staying).length === 0) return;
    await this.give(label, { ...given, passedOn: { ...given.passedOn, refused: staying } });
  }
}
