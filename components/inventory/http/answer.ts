export type Headers = Readonly<Record<string, string | number | string[] | undefined>>;

/** An answer whose body is there, or will not be. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer | BodyFlaw;
}

/** Why a body was not taken. */
export type BodyFlaw = "too long" | "too slow" | "broken off";

/** Returns the first value of a header. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value?.toString();
}
