/** Receives the warnings and the progress of an apply. */
export interface Reporter {
  readonly warn: (text: string) => void;
  readonly info: (text: string) => void;
}
