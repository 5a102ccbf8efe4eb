import { z } from "zod";
import { owner, type PackageName } from "./year";

const Versions = z.array(
  z.object({ id: z.int(), updated_at: z.string(), metadata: z.object({ container: z.object({ tags: z.array(z.string()) }) }) }),
);

const threeDays = 3 * 86_400_000;
const concurrency = 8;

/**
 * Repeats the calls of the workflow of 2023: lists all versions of the package, and deletes each that has no tag and did not
 * change for three days. Returns the number of deletions.
 * @see https://github.com/snok/container-retention-policy/tree/v2
 */
export async function runTheWorkflow(
  github: { readonly githubApiUrl: string; readonly token: string },
  name: PackageName,
): Promise<number> {
  const versions = `${github.githubApiUrl}/orgs/${owner}/packages/container/${name}/versions`;
  const headers = { authorization: `Bearer ${github.token}`, accept: "application/vnd.github+json" };

  const untagged: number[] = [];
  for (let next: string | undefined = `${versions}?per_page=100`; next !== undefined; ) {
    const response: Response = await fetch(next, { headers });
    const cutOff = Date.parse(response.headers.get("date") ?? "") - threeDays;
    for (const { id, updated_at, metadata } of Versions.parse(await response.json())) {
      if (metadata.container.tags.length === 0 && Date.parse(updated_at) < cutOff) untagged.push(id);
    }
    next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  }

  const waiting = [...untagged];
  async function deleteAll(): Promise<void> {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const { status } = await fetch(`${versions}/${id}`, { method: "DELETE", headers });
      if (status !== 204) throw new Error(`DELETE of version ${id} of ${name} was answered with ${status}`);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, deleteAll));
  return untagged.length;
}
