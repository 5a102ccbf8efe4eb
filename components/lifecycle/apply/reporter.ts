/** Where an apply tells what it does: warnings, and how far it is. */
export interface Reporter {
  readonly warn: (text: string) => void;
  readonly info: (text: string) => void;
}
