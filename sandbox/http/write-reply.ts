import type { ServerResponse } from "node:http";
import { bytesOf, type Reply } from "./reply";

interface ReplyOptions {
  readonly date: string;
  /** The answer to a HEAD request states the length of the body that it leaves out. */
  readonly isHead?: boolean;
  /** Bytes of the body after which the connection breaks. */
  readonly cutAt?: number | undefined;
}

export function writeReply(response: ServerResponse, reply: Reply, { date, isHead = false, cutAt }: ReplyOptions): void {
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
