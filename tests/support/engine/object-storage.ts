import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./free-port";

/** An S3-compatible object storage on loopback, in a folder of its own, with one bucket. */
export interface ObjectStorage {
  /** As PULUMI_BACKEND_URL takes it. */
  readonly url: string;
  /** The credentials, as clients of S3 read them. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

const bucket = "pulumi-state";
const credentials = { AWS_ACCESS_KEY_ID: "pulumi", AWS_SECRET_ACCESS_KEY: "for-the-test", AWS_REGION: "us-east-1" };

/** https://github.com/versity/versitygw, over a folder. */
export async function startObjectStorage(versitygw: string): Promise<ObjectStorage> {
  const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-objects-"));
  const address = `127.0.0.1:${await freePort()}`;
  // Beside the data, since not every file system keeps extended attributes.
  const [data, attributes] = [join(folder, "data"), join(folder, "attributes")];
  await mkdir(join(data, bucket), { recursive: true });
  await mkdir(attributes);
  const access = ["--access", credentials.AWS_ACCESS_KEY_ID, "--secret", credentials.AWS_SECRET_ACCESS_KEY];
  const server = spawn(versitygw, [...access, "--port", address, "posix", "--sidecar", attributes, data], { stdio: "ignore" });
  const ended = once(server, "close");
  const stop = async () => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answers(`http://${address}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `s3://${bucket}?endpoint=${address}&disableSSL=true&s3ForcePathStyle=true`, env: credentials, stop };
}

async function answers(url: string): Promise<void> {
  for (let tries = 100; ; tries--) {
    const answered = await fetch(url).catch((error: unknown) => {
      if (tries === 0) throw error;
      return undefined;
    });
    if (answered) return;
    await wait(100);
  }
}
