import { createHash } from "node:crypto";
import type { Memory } from "../../../components/inventory/cache/package-cache";

const manifests = 2_000;

/** A memory of about a megabyte; each seed another. */
export function memoryOf(seed: number): Memory {
  const digests = Array.from(
    { length: manifests },
    (_, place) => `sha256:${createHash("sha256").update(`${seed} ${place}`).digest("hex")}`,
  );
  return {
    manifests: new Map(
      digests.map((digest, place) => {
        const child = digests[(place + 1) % manifests] ?? "";
        return [digest, { index: false, children: [{ digest: child, index: false, label: "linux/amd64", platform: "linux/amd64" }] }];
      }),
    ),
    pages: new Map([
      [1, { etag: `"${seed}"`, versions: [{ id: seed, digest: digests[0] ?? "", tags: ["prod"], createdAt: 1, updatedAt: 2 }] }],
    ]),
  };
}
