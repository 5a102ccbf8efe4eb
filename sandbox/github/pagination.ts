import type { Owner } from "../store/owners";
import type { Scene } from "./scene";

export interface Paging {
  readonly page: number;
  readonly perPage: number;
}

/** Parses the page parameters like GitHub: an invalid number is the default, and more than 100 per page is 100. */
export function pagingOf(query: URLSearchParams): Paging {
  return { page: positive(query.get("page"), 1), perPage: Math.min(100, positive(query.get("per_page"), 30)) };
}

function positive(text: string | null, otherwise: number): number {
  const number = Number(text ?? otherwise);
  return Number.isInteger(number) && number > 0 ? number : otherwise;
}

/** The address of a list's pages: of an organisation's lists by its id, however it was requested. */
export function linkedUrl({ apiUrl, exchange }: Scene, { kind, id }: Owner): string {
  const path = exchange.path.slice("/api".length);
  return apiUrl + (kind === "Organization" ? path.replace(/^\/orgs\/[^/]+/, `/organizations/${id}`) : path);
}

/** Returns the `Link` header with absolute URLs; none when there is only one page. */
export function linkHeader(url: string, query: URLSearchParams, { page, perPage }: Paging, total: number): string | undefined {
  const last = Math.max(1, Math.ceil(total / perPage));
  const relations: [string, number][] = [];
  if (page > 1) relations.push(["prev", Math.min(page - 1, last)]);
  if (page < last) relations.push(["next", page + 1]);
  if (page !== last) relations.push(["last", last]);
  if (page > 1) relations.push(["first", 1]);
  if (relations.length === 0) return undefined;
  return relations
    .map(([relation, to]) => {
      const parameters = new URLSearchParams(query);
      parameters.set("page", String(to));
      return `<${url}?${parameters.toString()}>; rel="${relation}"`;
    })
    .join(", ");
}
