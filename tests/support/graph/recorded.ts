import { readFileSync } from "node:fs";
import path from "node:path";
import { jsonContent, type PushTarget, pushBlob, pushContent, type Sandbox } from "../../../sandbox";

const folder = path.join(__dirname, "..", "..", "fixtures", "tools");

/** What a tool left in a repository, in the order in which it pushed: `tests/fixtures/tools/NAME.json`. */
export interface Recording {
  /** Name and version. */
  readonly tool: string;
  readonly commands: readonly string[];
  readonly versions: readonly { readonly tags: readonly string[]; readonly mediaType: string; readonly manifest: object }[];
  /** Those that are read, as base64 by digest. */
  readonly blobs?: Readonly<Record<string, string>>;
}

export function recordingOf(name: string): Recording {
  return JSON.parse(readFileSync(path.join(folder, `${name}.json`), "utf8")) as Recording;
}

/** Pushes the very bytes again: what their manifests name by digest is there. Most blobs are not, and nobody asks for them. */
export async function pushRecorded(target: PushTarget, sandbox: Sandbox, name: string): Promise<void> {
  const { versions, blobs = {} } = recordingOf(name);
  sandbox.setSwitches({ requireBlobs: false });
  for (const bytes of Object.values(blobs)) await pushBlob(target, Buffer.from(bytes, "base64"));
  for (const { tags, mediaType, manifest } of versions) await pushContent(target, jsonContent(mediaType, manifest), tags);
}
