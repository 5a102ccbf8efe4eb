import { createHash } from "node:crypto";

export function etagOf(body: string | Buffer): string {
  return `W/"${createHash("sha1").update(body).digest("hex")}"`;
}

/** Whether `If-None-Match` contains the ETag; weak and strong ones are equal. */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(",").some((one) => strong(one) === strong(etag));
}

function strong(etag: string): string {
  return etag.trim().replace(/^W\//, "");
}
