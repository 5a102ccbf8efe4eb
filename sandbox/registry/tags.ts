import { json, type Reply } from "../http/reply";
import { ociErrors } from "./oci-errors";
import type { Visit } from "./visit";

const maxPerPage = 100;

/** Serves `GET /v2/<name>/tags/list?n=…&last=…`; GHCR returns at most 100 tags per page. */
export function listTags({ store, exchange, repository }: Visit): Reply {
  const pkg = store.find(repository);
  if (pkg === undefined) return ociErrors.nameUnknown();
  const wanted = Number(exchange.query.get("n") ?? maxPerPage);
  if (!Number.isInteger(wanted) || wanted < 0) return ociErrors.pageInvalid();
  const count = Math.min(wanted, maxPerPage);
  const tags = pkg.tags();
  const start = exchange.query.get("last") === null ? 0 : firstAfter(tags, exchange.query.get("last") ?? "");
  const page = tags.slice(start, start + count);
  const last = page.at(-1);
  const more = last !== undefined && start + count < tags.length;
  const next = `</v2/${repository}/tags/list?last=${encodeURIComponent(last ?? "")}&n=${count}>; rel="next"`;
  return json(200, { name: repository, tags: page }, more ? { link: next } : {});
}

function firstAfter(tags: readonly string[], last: string): number {
  let low = 0;
  let high = tags.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((tags[middle] ?? "") <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}
