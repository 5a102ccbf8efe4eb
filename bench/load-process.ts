import { Pool } from "undici";

/** Requests the paths over all connections as fast as possible, to measure the sandbox and not a client. */
export interface LoadRequest {
  readonly registryUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly requests: number;
}

const connections = 64;

async function main(): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const { registryUrl, headers, paths, requests } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as LoadRequest;
  const pool = new Pool(registryUrl, { connections });
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < requests; index = next++) {
      const { statusCode, body } = await pool.request({ method: "GET", path: paths[index % paths.length] ?? "/", headers });
      await body.dump({ limit: 1_000_000 });
      if (statusCode !== 200) throw new Error(`the sandbox answered ${statusCode}`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, worker));
  process.stdout.write(JSON.stringify({ perSecond: requests / ((performance.now() - start) / 1_000) }));
  await pool.close();
}

void main();
