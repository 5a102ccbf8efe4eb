import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { z } from "zod";
import { readStored } from "./state/read-stored";
import { remainder } from "./state/remainder";
import { type CheckedInputs, type Outputs, StoredOutputs, type StoredPending } from "./state/stored";

/** Settings whose change needs an update. The other inputs follow from the package, or name an approval. */
const settings = [
  "rules",
  "protect",
  "limits",
  "minimumAge",
  "grace",
  "inUse",
  "unreadable",
  "restore",
  "approval",
  "githubApiUrl",
  "registryUrl",
  "deletionsPerMinute",
] as const;

const StoredPolicy = StoredOutputs.extend({ owner: z.string(), package: z.string() });

/** Reports whether there is anything to do: the outputs record what happened, the inputs what should have happened. Pure. */
export function diff(olds: Outputs, news: CheckedInputs): dynamic.DiffResult {
  const stored = readStored(StoredPolicy, olds, `${news.owner}/${news.package}`);
  const replaces = [
    ...(stored.owner.toLowerCase() === news.owner.toLowerCase() ? [] : ["owner"]),
    ...(stored.package === news.package ? [] : ["package"]),
  ];
  const changes =
    replaces.length > 0 ||
    stored.failure !== undefined ||
    remainder(stored, news).length > 0 ||
    Object.keys(stored.ledger).some((digest) => news.deletions[digest] === undefined) ||
    Object.keys(news.restoring ?? {}).length > 0 ||
    !isDeepStrictEqual(shown(olds.pending), shown(news.pending)) ||
    settings.some((key) => !isDeepStrictEqual(olds[key], news[key]));
  return { changes, replaces, deleteBeforeReplace: false, stables: ["owner", "package"] };
}

/** Leaves out the kinds: earlier builds did not store them, and that alone is no change. */
function shown(pending: StoredPending | undefined): Omit<StoredPending, "kinds"> | undefined {
  if (pending === undefined) return undefined;
  const { kinds: _kinds, ...rest } = pending;
  return rest;
}
