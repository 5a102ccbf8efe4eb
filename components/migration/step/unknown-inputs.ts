import { holdsExpression } from "../../../cleaners/cleaner";
import { globs } from "./old-patterns";
import type { StepInputs } from "./step-inputs";
import type { Gap, TranslatedRule } from "./translation";

/** An input that another version of the action has. */
export interface ElsewhereInput {
  /** The versions that have it, in words such as `before version 3`. */
  readonly versions: string;
  /** What this version has in its place. */
  readonly instead?: string;
}

/** What inputs that the action ignored were probably meant to do. */
export interface Meant {
  /** Rules that keep what the inputs meant to keep. */
  readonly keep: readonly TranslatedRule[];
  /** Conditions that the delete rules lack. */
  readonly narrower: readonly Gap[];
  readonly notes: readonly string[];
}

/** The first letters of words in the names of inputs, by what such an input does. */
const purposes = {
  age: "older age day week hour cut before since time ttl expir".split(" "),
  keeps: "keep retain least min last latest newest recent exclu skip ignor protect preserv except safe".split(" "),
  narrows: "only filter inclu select match these tag untag image version pattern regex delet prune".split(" "),
} as const;

/** Leaves the step open for each input that this version of the action ignores. Pure. */
export function askUnknownInputs(inputs: StepInputs, action: string, elsewhere: Readonly<Record<string, ElsewhereInput>>): Meant {
  const keep: TranslatedRule[] = [];
  const narrower: Gap[] = [];
  const notes: string[] = [];
  for (const { name, text, line } of inputs.unread) {
    if (name === "<<") {
      inputs.refuse(name, "GitHub knows no merge keys, and refuses the workflow");
      continue;
    }
    const known = elsewhere[name];
    const purpose = purposeOf(`${name} ${known?.instead ?? ""}`);
    const why = known === undefined ? `${action} has no such input, so it did nothing${meanings[purpose]}` : elsewhereText(action, known);
    inputs.doubt(name, known === undefined ? "no-such-input" : "other-version", why);
    notes.push(`\`${name}\` (line ${line}): ${why}`);
    if (purpose === "keeps") keep.push(...kept(name, text));
    if (purpose === "narrows") narrower.push({ field: isAbout(name, "age") ? "olderThan" : "tags", input: name });
  }
  return { keep, narrower, notes };
}

/** Adds what ignored inputs meant to rules that are read from the others. Pure. */
export function withMeant(rules: readonly TranslatedRule[], { keep, narrower }: Pick<Meant, "keep" | "narrower">): TranslatedRule[] {
  const namesTags = narrower.some(({ field }) => field === "tags");
  const narrowed = rules.map((one) => {
    if (one.rule.action !== "delete" || narrower.length === 0) return one;
    // Where tags are to be filled in, untagged images were not meant.
    const { untagged: _, ...tagged } = one.rule;
    return { ...one, rule: namesTags && one.rule.tags !== undefined ? tagged : one.rule, gaps: [...(one.gaps ?? []), ...narrower] };
  });
  return [...keep, ...narrowed];
}

const meanings = {
  keeps: "; it was probably meant to keep some versions",
  narrows: "; it was probably meant to delete fewer versions",
  other: "",
} as const;

function elsewhereText(action: string, { versions, instead }: ElsewhereInput): string {
  const other = instead === undefined ? "" : `; what the step uses has \`${instead}\``;
  return `only ${action} ${versions} has this input, so it did nothing${other}`;
}

function purposeOf(names: string): "keeps" | "narrows" | "other" {
  if (isAbout(names, "keeps")) return "keeps";
  return isAbout(names, "age") || isAbout(names, "narrows") ? "narrows" : "other";
}

function isAbout(names: string, purpose: keyof typeof purposes): boolean {
  const words = names.split(/[^a-z0-9]+/);
  return purposes[purpose].some((start) => words.some((word) => word.startsWith(start)));
}

/** A rule that keeps what the input names, with a gap where its value is no number and no list of tags. */
function kept(name: string, text: string): TranslatedRule[] {
  const because = `\`${name}\`, which the old step ignored`;
  if (isAbout(name, "age")) return [{ rule: { name: "keep-young", action: "keep" }, because, gaps: [{ field: "newerThan", input: name }] }];
  if (/^0+$/.test(text)) return [];
  if (/^\d{1,6}$/.test(text)) return [{ rule: { ...newestOf(name), action: "keep", mostRecent: Number(text) }, because }];
  const { tags, problems } = globs(text.split(/[\s,]+/));
  const rule = { name: "keep-by-ignored-input", action: "keep" } as const;
  const isList = tags.length > 0 && problems.length === 0 && !holdsExpression(text);
  return [isList ? { rule: { ...rule, tags: [...tags] }, because } : { rule, because, gaps: [{ field: "tags", input: name }] }];
}

function newestOf(input: string) {
  if (/\buntagged\b/.test(input)) return { name: "keep-newest-untagged", untagged: true as const };
  return /\btagged\b/.test(input)
    ? { name: "keep-newest-tagged", tags: ["*"] }
    : { name: "keep-newest", tags: ["*"], untagged: true as const };
}
