import type { Content, Sandbox } from "../../../sandbox";

/** Puts blobs into a repository, for versions that were seeded without them: what a run restores it pulls whole. */
export function seedBlobs(sandbox: Sandbox, repository: string, blobs: readonly Content[]): void {
  for (const { digest, bytes } of blobs) {
    sandbox.store.blobs.put(digest, bytes);
    sandbox.store.linkBlob(repository, digest);
  }
}
