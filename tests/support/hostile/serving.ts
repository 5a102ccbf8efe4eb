import { MediaType, type Sandbox } from "../../../sandbox";
import { digestOf } from "../../../sandbox/store/digest";
import { repository } from "../inventory/looking";

export interface Served {
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent instead of the bytes that the digest stands for. */
  readonly instead?: Buffer;
}

/** A tagged version with exactly these bytes; returns its digest. */
export function serve(
  sandbox: Sandbox,
  bytes: Buffer | string,
  { mediaType = MediaType.ociIndex, headers = {}, instead }: Served = {},
): string {
  const digest = digestOf(bytes);
  sandbox.seed([{ package: repository, digest, tags: ["prod"] }]);
  const call = () => ({ status: 200, headers: { "content-type": mediaType, ...headers }, body: instead ?? bytes });
  sandbox.addFault({ match: { surface: "registry", path: digest }, times: null, effect: { kind: "call", call } });
  return digest;
}

/** An index of the usual form, with these changes. */
export function index(change: object): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests: [], ...change });
}
