/** What a policy was told of images in use. */
export interface InUseSummary {
  readonly references: number;
  /** How many of them name this package. */
  readonly here: number;
  /** What runs them, each once. */
  readonly from: readonly string[];
  /** References that are not understood, which protect nothing. */
  readonly unread: readonly string[];
}
