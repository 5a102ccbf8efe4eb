export type Headers = Readonly<Record<string, string | number | string[] | undefined>>;

/** A response whose body was read, or was refused. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer | BodyFlaw;
}

/** Why a body was refused. */
export type BodyFlaw = "too long" | "too slow" | "broken off";

/** Returns the first value of a header. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value?.toString();
}
