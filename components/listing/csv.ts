import type { ListedPackage, ListedVersion } from "./plan-list";

type Cell = string | number | null;

/** The columns in their order. New ones are added at the end. */
const columns: readonly (readonly [name: string, cell: (version: ListedVersion, name: string) => Cell])[] = [
  ["package", (_, name) => name],
  ["version_id", ({ id }) => id],
  ["digest", ({ digest }) => digest],
  ["tags", ({ tags }) => tags.join(" ")],
  ["verdict", ({ verdict }) => verdict],
  ["plan", ({ plan }) => plan],
  ["grace_until", ({ graceUntil }) => graceUntil],
  ["deleted_at", ({ deletedAt }) => deletedAt],
  ["restorable_until", ({ restorableUntil }) => restorableUntil],
  ["reason", ({ reason }) => reason.kind],
  ["reason_as", ({ reason }) => reason.as],
  ["reason_of", ({ reason }) => reason.of],
  ["because", ({ because }) => because],
  ["rules", ({ rules }) => rules.join(" ")],
  ["role", ({ role }) => role],
  ["kind", ({ kind }) => kind],
  ["artifact_type", ({ artifactType }) => artifactType],
  ["platform", ({ platform }) => platform],
  ["age_seconds", ({ ageSeconds }) => ageSeconds],
  ["created_at", ({ createdAt }) => createdAt],
  ["updated_at", ({ updatedAt }) => updatedAt],
  ["last_tagged_on", ({ lastTaggedOn }) => lastTaggedOn],
  ["content_bytes", ({ contentBytes }) => contentBytes],
  ["frees_bytes", ({ freesBytes }) => freesBytes],
];

/** Writes one line with the names of the columns, and one for each version: https://www.rfc-editor.org/rfc/rfc4180 */
export function csvOf(packages: readonly ListedPackage[]): string {
  const rows = packages.flatMap(({ package: name, versions }) => versions.map((version) => columns.map(([, cell]) => cell(version, name))));
  return [columns.map(([name]) => name), ...rows].map((cells) => `${cells.map(cellText).join(",")}\r\n`).join("");
}

/** Characters with which spreadsheets begin a formula: https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) || text !== cell ? `"${text.replaceAll('"', '""')}"` : text;
}
