import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { PackageRoute } from "../../components/inventory/github/route";
import { ProbePackage } from "../scratch/probe-package";

export interface RelayOptions {
  readonly githubApiUrl: string;
  readonly package: ProbePackage;
  readonly kind: PackageRoute["kind"];
  /** How far `Date` is ahead of GitHub's. */
  readonly secondsAhead: number;
}

export interface Relay {
  readonly url: string;
  close(): Promise<void>;
}

const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "host",
  "content-length",
  "content-encoding",
]);

/**
 * Relays GitHub's API on loopback, with `Date` ahead: a policy takes nothing that is younger than a day by GitHub's clock, and a run
 * has no day. Of writes it passes on those about versions of the run's own package alone. It has no token: each request brings its own.
 */
export async function openRelay(options: RelayOptions): Promise<Relay> {
  ProbePackage.expect(options.package);
  const server = createServer((request, response) => {
    relay(options, request, response).catch((error: unknown) => {
      response.writeHead(502, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ message: `the relay of the live run got no answer: ${error instanceof Error ? error.message : error}` }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function relay(options: RelayOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url = "/" } = request;
  const body = await buffer(request);
  const to = new URL(`${options.githubApiUrl}${url}`);
  if (method !== "GET" && !isOfPackage(to, options)) {
    response.writeHead(403, { "content-type": "application/json" });
    response.end(JSON.stringify({ message: `A live run changes versions of ${options.package} alone, not ${method} ${to.pathname}` }));
    return;
  }
  const sent = { method, headers: passedOn(Object.entries(request.headers)), redirect: "manual" } as const;
  const answer = await fetch(to, body.length === 0 ? sent : { ...sent, body: new Uint8Array(body) });
  const content = Buffer.from(await answer.arrayBuffer());
  const date = new Date(Date.parse(answer.headers.get("date") ?? "") + options.secondsAhead * 1_000).toUTCString();
  response.writeHead(answer.status, { ...passedOn(answer.headers.entries()), date });
  response.end(content);
}

function isOfPackage({ pathname }: URL, { githubApiUrl, package: probe, kind }: RelayOptions): boolean {
  const base = new URL(githubApiUrl).pathname.replace(/\/+$/, "");
  return pathname.startsWith(`${base}/${kind}/${probe.owner}/packages/container/${probe.name}/versions/`);
}

function passedOn(headers: Iterable<[string, unknown]>): Record<string, string> {
  const kept = [...headers].filter(([name]) => !hopByHop.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
