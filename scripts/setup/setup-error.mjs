// @ts-check

/** Something is missing that only the person at the keyboard can provide: one line that says what, and the remedy. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{ cause?: unknown, output?: string }} [details] `output`: what the failed command printed
   */
  constructor(message, { cause, output } = {}) {
    super(message, { cause });
    this.name = "SetupError";
    this.output = output?.trim() ?? "";
  }
}
