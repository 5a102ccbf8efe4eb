import { cleaners } from "./actions";
import { saysItDeletes, type Unread, unreadActionNames } from "./unread";

const known = new Set([...cleaners.keys(), ...unreadActionNames]);
/** `ghcr.io/owner/name` with a tag or digest, or without. */
const image = /(?:docker:\/\/)?(?:[\w.-]+\.[\w-]+(?::\d+)?\/)([\w.-]+\/[\w./-]+?)(?=[:@\s"'`]|$)/g;
const runs = /\b(?:docker|podman|nerdctl)\s+(?:container\s+)?(?:run|create)\b/;

/** Names an image that deletes versions, where a step runs it as `docker://…`. */
export function unreadImage(uses: string, line: number): Unread | undefined {
  return uses.trim().startsWith("docker://") ? deleterIn(uses.trim(), line) : undefined;
}

/** Names an image that deletes versions, where a script runs it and not only to show. */
export function unreadDockerRun(script: string): Omit<Unread, "line"> | undefined {
  const isShown = /--dry-run(?:[\s=]+true)?(?![\s=]*false)/.test(script);
  return runs.test(script) && !isShown ? deleterIn(script.slice(script.search(runs)), 0) : undefined;
}

/** The line of a script that runs a container. */
export const dockerRunLine = runs;

function deleterIn(text: string, line: number): Unread | undefined {
  for (const [, repository = ""] of text.matchAll(image)) {
    const name = repository.toLowerCase();
    const deletes = known.has(name) ? "surely" : saysItDeletes(name) ? "by-name" : undefined;
    if (deletes !== undefined) return { line, kind: "image", what: `the image ${repository}`, origin: name, deletes };
  }
  return undefined;
}
