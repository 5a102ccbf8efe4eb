/** Parses https://www.rfc-editor.org/rfc/rfc9110#http.date to epoch milliseconds; `undefined` where it is invalid or out of range. */
export function parseHttpDate(header: string | undefined): number | undefined {
  const date = Date.parse(header ?? "");
  return date >= 0 && date < latest ? date : undefined;
}

/** All dates printed here have a year of four digits. */
const latest = Date.parse("9999-01-01T00:00:00Z");
