import { z } from "zod";
import { Tag } from "../../model/digest";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName } from "../../model/inventory";
import { type HttpResponse, headerOf } from "../http/response";
import { askRegistry } from "./ask-registry";
import type { RegistryConnection } from "./client";
import { expectOk } from "./refusal";

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
const TagPage = z.object({ tags: z.array(Tag).nullable() });

const pageSize = 100;
const maxTags = 100_000;

/** Lists the tags of a package as the registry serves them, which counts as no download. */
export async function listTags(registry: RegistryConnection, name: PackageName): Promise<string[]> {
  const label = packageLabel(name);
  const tags: string[] = [];
  let query = `n=${pageSize}`;
  while (tags.length < maxTags) {
    const path = `${name.owner.toLowerCase()}/${name.name}/tags/list?${query}`;
    const answer = await registry.queue.run(label, () => askRegistry(registry, { method: "GET", path, label }));
    expectOk(answer, label, "200");
    const page = tagsIn(answer, label);
    tags.push(...page);
    const last = nextAfter(label, headerOf(answer.headers, "link"));
    if (last === undefined || page.length === 0) return tags;
    query = `n=${pageSize}&last=${encodeURIComponent(last)}`;
  }
  throw new RetentionError(`${label}: the registry's list of tags does not end; expected at most 100,000 tags.`);
}

function tagsIn({ body }: HttpResponse, label: string): readonly string[] {
  try {
    const parsed = typeof body === "string" ? undefined : TagPage.safeParse(JSON.parse(body.toString("utf8"))).data;
    if (parsed !== undefined) return parsed.tags ?? [];
  } catch {}
  throw notUnderstood(label);
}

/** Only `last` is taken from `Link`: its address may be another server's, and the request carries the token. */
function nextAfter(label: string, link = ""): string | undefined {
  const [, address] = /<([^>]+)>;\s*rel="?next"?/.exec(link) ?? [];
  if (address === undefined) return undefined;
  const base = "https://ghcr.io";
  const last = URL.canParse(address, base) ? new URL(address, base).searchParams.get("last") : "";
  if (!last) throw notUnderstood(label);
  return last;
}

function notUnderstood(label: string): RetentionError {
  return new RetentionError(`${label}: the registry's list of tags is not understood; run again later.`);
}
