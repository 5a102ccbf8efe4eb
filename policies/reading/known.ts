/** Stands where a value is known only once what it depends on exists. */
export const notKnown = Symbol("not known yet");

/** A plain copy of what the engine handed over. */
export interface Known {
  readonly value: unknown;
  /** What the first read of a value that is not known yet threw. */
  readonly cause: unknown;
}

/** Copies one property, since in a preview each read of a value not known yet throws, however deep it stands. */
export function knownPart(of: unknown, key: string): Known {
  let cause: unknown;
  const read = (from: object, place: string | number): unknown => {
    try {
      return copy((from as Record<string | number, unknown>)[place]);
    } catch (error) {
      cause ??= error;
      return notKnown;
    }
  };
  const copy = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return Array.from({ length: value.length }, (_, place) => read(value, place));
    return Object.fromEntries(Object.keys(value).map((name) => [name, read(value, name)]));
  };
  return { value: typeof of === "object" && of !== null ? read(of, key) : undefined, cause };
}

export function holdsUnknown(value: unknown): boolean {
  if (value === notKnown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
