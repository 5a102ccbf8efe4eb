import type { WrittenConfig } from "./config-keys";
import { namespace } from "./config-schema";
import { Defaults } from "./stack-policies";

/** What a key of another namespace holds, where it may be meant for this one. */
type Likeness = "certain" | "likely" | undefined;

const likenesses: Readonly<Record<string, (value: unknown) => Likeness>> = {
  policies: (value) => likenessOfEntries(value, (entry) => "package" in entry && hasOne(entry, "owner", "rules", "use")),
  organizations: (value) => likenessOfEntries(value, (entry) => "owner" in entry && hasOne(entry, "packages", "rules", "use", "overrides")),
  ruleSets: (value) => (isMap(value) && Object.values(value).some(holdsRules) ? "certain" : undefined),
  // Other programs have defaults, too, and may call them the same.
  defaults: (value) => (isMap(value) && Object.keys(value).length > 0 && Defaults.safeParse(value).success ? "likely" : undefined),
  githubApiUrl: () => "likely",
  deletionsPerMinute: () => "likely",
};

/** Keys of other namespaces that look like settings of this one, one sentence each. */
export interface MisplacedKeys {
  /** What they hold has the form of nothing else. */
  readonly certain: readonly string[];
  /** They may belong to another program. */
  readonly likely: readonly string[];
}

/**
 * Finds settings in a namespace where nobody reads them, such as `shop:policies`. Only for stacks whose policies are all in the config: a
 * program may read its own keys, and declare policies from them. The engine puts the project's name before a plain `policies`. Pure.
 */
export function misplacedKeys(config: WrittenConfig, project: string | undefined): MisplacedKeys {
  const found = Object.entries(config).flatMap(([key, value]) => {
    const at = key.indexOf(":");
    const [space, name] = [key.slice(0, at), key.slice(at + 1)];
    const likeness = space === namespace || !Object.hasOwn(likenesses, name) ? undefined : likenesses[name]?.(value);
    if (likeness === undefined) return [];
    return likeness === "likely" && config[`${namespace}:${name}`] !== undefined
      ? []
      : [{ likeness, name, written: space === project ? `${key}, or plain \`${name}\`` : key }];
  });
  const textsOf = (wanted: Likeness, text: (written: string, meant: string) => string) =>
    found.filter(({ likeness }) => likeness === wanted).map(({ written, name }) => text(written, `\`${namespace}:${name}\``));
  return {
    certain: textsOf("certain", (written, meant) => `${written}: is read by no policy: did you mean ${meant}?`),
    likely: textsOf("likely", (written, meant) => `${written}: is read by no policy: if it is meant for them, write ${meant}`),
  };
}

type Entry = Readonly<Record<string, unknown>>;

function likenessOfEntries(value: unknown, isOurs: (entry: Entry) => boolean): Likeness {
  if (!Array.isArray(value)) return undefined;
  const entries = value.filter(isMap);
  if (entries.some(isOurs)) return "certain";
  return entries.some((entry) => hasOne(entry, "owner", "package", "packages", "rules")) ? "likely" : undefined;
}

function holdsRules(value: unknown): boolean {
  return Array.isArray(value) && value.filter(isMap).some(({ action }) => action === "keep" || action === "delete");
}

function isMap(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasOne(entry: Entry, ...keys: readonly string[]): boolean {
  return keys.some((key) => key in entry);
}
