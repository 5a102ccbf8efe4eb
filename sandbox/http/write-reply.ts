import type { ServerResponse } from "node:http";
import { bytesOf, type Reply } from "./reply";

interface ReplyOptions {
  readonly date: string;
  /** The answer to a HEAD request states the length of the body that it leaves out. */
  readonly isHead?: boolean;
  /** Bytes of the body after which the connection breaks. */
  readonly cutAt?: number | undefined;
}

/** The headers as they are sent. */
export function sentHeaders({ status, headers, body }: Reply, date: string): Record<string, string> {
  return { ...(hasBody(status) ? { "content-length": String(bytesOf(body).length) } : {}), date, ...headers };
}

/** The body as it is sent. */
export function sentBody({ status, body }: Reply, isHead: boolean): Buffer {
  return hasBody(status) && !isHead ? bytesOf(body) : Buffer.alloc(0);
}

export function writeReply(response: ServerResponse, reply: Reply, { date, isHead = false, cutAt }: ReplyOptions): void {
  response.sendDate = false;
  response.writeHead(reply.status, sentHeaders(reply, date));
  if (cutAt !== undefined) {
    response.write(bytesOf(reply.body).subarray(0, cutAt), () => response.destroy());
    return;
  }
  response.end(hasBody(reply.status) && !isHead ? bytesOf(reply.body) : undefined);
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 304;
}
