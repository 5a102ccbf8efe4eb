import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A server that answers as no honest one does. */
export interface Loopback {
  readonly url: string;
  /** What came, with whether it carried a token. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly withToken: boolean }[];
  /** So many bytes left this server. */
  bytesSent(): number;
  close(): Promise<void>;
}

export async function serveOnLoopback(answer: RequestListener, host = "127.0.0.1"): Promise<Loopback> {
  const requests: { method: string; path: string; withToken: boolean }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    requests.push({ method, path: url, withToken: headers.authorization !== undefined });
    answer(request, response);
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests,
    bytesSent: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A body without an end, as fast as it is read. */
export function endless(_request: IncomingMessage, response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, " ");
  response.writeHead(200, { "content-type": "application/json", date: "Fri, 01 Dec 2023 00:00:00 GMT" });
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
}

/** A byte every few milliseconds, for ever. */
export function slow(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 5);
  response.on("close", () => clearInterval(timer));
}
