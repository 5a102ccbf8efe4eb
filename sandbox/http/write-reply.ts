import type { ServerResponse } from "node:http";
import { bytesOf, type Reply } from "./reply";

/** A HEAD answer tells the length of the body that it leaves out. */
export function writeReply(response: ServerResponse, reply: Reply, date: string, isHead: boolean, cutAt?: number): void {
  const bytes = bytesOf(reply.body);
  const hasBody = reply.status !== 204 && reply.status !== 304;
  const length: Record<string, string> = hasBody ? { "content-length": String(bytes.length) } : {};
  response.sendDate = false;
  response.writeHead(reply.status, { ...length, date, ...reply.headers });
  if (cutAt !== undefined) {
    response.write(bytes.subarray(0, cutAt), () => response.destroy());
    return;
  }
  response.end(hasBody && !isHead ? bytes : undefined);
}
