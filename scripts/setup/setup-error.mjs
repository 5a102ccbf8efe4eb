// @ts-check

/** Thrown when something is missing that only the user can provide; the message is one line with the remedy. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{ cause?: unknown, output?: string }} [details] `output`: the output of the failed command
   */
  constructor(message, { cause, output } = {}) {
    super(message, { cause });
    this.name = "SetupError";
    this.output = output?.trim() ?? "";
  }
}
