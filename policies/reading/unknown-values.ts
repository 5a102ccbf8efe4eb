/** Replaces a value that is unknown until the resources it depends on exist. */
export const unknownValue = Symbol("unknown");

/** A plain copy of a property. */
export interface CopiedProperty {
  readonly value: unknown;
  /** The error of the first read of an unknown value. */
  readonly cause: unknown;
}

/** Copies one property. In a preview each read of an unknown value throws, however deep it is nested. */
export function readProperty(props: unknown, name: string): CopiedProperty {
  let cause: unknown;
  const read = (from: object, key: string | number): unknown => {
    try {
      return copy((from as Record<string | number, unknown>)[key]);
    } catch (error) {
      cause ??= error;
      return unknownValue;
    }
  };
  const copy = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(value, index));
    return Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
  };
  return { value: typeof props === "object" && props !== null ? read(props, name) : undefined, cause };
}

export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}
