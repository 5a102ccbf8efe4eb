/** https://www.rfc-editor.org/rfc/rfc9110#http.date, epoch milliseconds; nothing where it is none, or none that can be counted from. */
export function parseHttpDate(header: string | undefined): number | undefined {
  const date = Date.parse(header ?? "");
  return date >= 0 && date < latest ? date : undefined;
}

/** Four digits for the year, as every text form of a date here has. */
const latest = Date.parse("9999-01-01T00:00:00Z");
