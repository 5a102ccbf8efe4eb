import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const loopback = "127.0.0.1";

/** Listens on loopback only. */
export async function listen(port: number, listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, loopback, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

export async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
