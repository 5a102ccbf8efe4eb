import type { Alert, Block, Headline } from "../report/paragraph";
import type { VersionCounts } from "./finding";

/** A plan's headline, with what it frees. */
interface ParsedHeadline extends Headline {
  readonly storage?: string;
}

/** A report that a preview printed, by kind of paragraph. */
export interface ParsedReport {
  readonly headlines: readonly ParsedHeadline[];
  /** `nothing to delete: …` */
  readonly nothing?: string;
  /** How the approved plan is carried out. */
  readonly approved?: string;
  /** How the waiting plan goes once it is approved. */
  readonly waiting?: string;
  /** The line that approves it; absent where it is not of a known form. */
  readonly approveWith?: string;
  /** Why nobody can approve it. */
  readonly breach?: string;
  readonly counts: VersionCounts;
  /** Tags that move between images and are about to go. */
  readonly moving: readonly string[];
  readonly alerts: readonly Alert[];
  readonly notices: readonly string[];
  readonly notes: readonly string[];
  readonly blocks: readonly Block[];
}

const headline =
  /^plan ([0-9a-f+ -]{23,}): delete (\d+) of (\d+) versions? \((\d+) images?\), keep (\d+)(?:, (\d+) withheld(?: \(.*\))?)?$/;
const storageForm = /^frees (?:at least |at most |about )?[\d.]+ [kMGTP]?B(?:: \d+ manifests? w|$)/;
const planId = "\\d{4}-\\d{2}-\\d{2}-[0-9a-f]{12}";
/** A line that is copied into a shell or a program may hold nothing but a path and an id. */
const approvals = [
  new RegExp(`^pulumi config set --path '[\\w.:/[\\]"-]+' ${planId}$`),
  new RegExp(`^(?:overrides\\["[a-z0-9._/-]+"\\]\\.)?approve: "${planId}"(?: {3}\\(an argument of this \\w+\\))?$`),
];
const blockTitles: readonly (readonly [Block["kind"], RegExp])[] = [
  ["grace", /^\d+ versions? waits? out (?:its|their) grace of /],
  ["restoring", /^to be restored, \d+ versions?: /],
  ["restored", /^restored since (?:its|their) deletion, \d+ versions?: /],
  ["refused", /^refused by GitHub, left out since:$/],
  ["withheld", /^withheld, since something keeps it:$/],
];

const idleAll =
  /^(?:restore \d+ versions?, )?nothing to delete: keep (?:the only version|all (\d+) versions)(?:, (\d+) withheld(?: \(.*\))?)?$/;
const idleInGrace = /^(?:restore \d+ versions?, )?(\d+) of (\d+) versions? in grace, .*?(?:, (\d+) withheld(?: \(.*\))?)?$/;
const movingAlert = /^(?:a tag that moves|tags that move) between images goe?s?: .*`protect: \[([^\]`]+)\]` keeps /s;

/**
 * Reads a report that `pulumi preview` printed, for `review --preview`. A paragraph of no known kind is a notice, so that
 * nothing is lost. Pure.
 */
export function parseReport(report: string): ParsedReport {
  const headlines: ParsedHeadline[] = [];
  const alerts: Alert[] = [];
  const notices: string[] = [];
  const notes: string[] = [];
  const blocks: Block[] = [];
  const said: { -readonly [Key in "nothing" | "approved" | "waiting" | "approveWith" | "breach"]?: string } = {};
  for (const paragraph of report.trim().split("\n\n")) {
    const [first = "", ...rest] = paragraph.split("\n");
    const [, id = "", ...numbers] = headline.exec(first) ?? [];
    const [deletes = 0, total = 0, images = 0, keeps = 0, withheld = 0] = numbers.map((number) => Number(number ?? 0));
    if (id !== "") headlines.push({ id, deletes, total, images, keeps, withheld });
    // Images are read from the inputs, which cut no rows.
    else if (first.startsWith("  image ")) continue;
    else if (storageForm.test(first) && headlines.length > 0) headlines.push({ ...(headlines.pop() as Headline), storage: first });
    else if (/^(restore \d+ versions?, )?(nothing to delete: |\d+ of \d+ versions? in grace, )/.test(first)) said.nothing = first;
    else if (first.startsWith("approved: ")) said.approved = first.slice("approved: ".length);
    else if (first.startsWith("this plan cannot be approved: ")) said.breach = first.slice("this plan cannot be approved: ".length);
    else if (first.startsWith("waiting for approval")) {
      said.waiting = first.replace(/^waiting for approval, /, "").replace(/ To approve exactly this:$/, "");
      const line = rest[0]?.trim() ?? "";
      if (approvals.some((form) => form.test(line))) said.approveWith = line;
    } else if (first.startsWith("note: ")) notes.push(paragraph.slice("note: ".length));
    else if (first.startsWith("warning: ")) alerts.push({ kind: "warning", text: paragraph.slice("warning: ".length) });
    else if (/^(broken \(|… and \d+ more broken)/.test(first)) alerts.push({ kind: "broken", text: paragraph });
    else if (first !== "") {
      const [kind] = blockTitles.find(([, form]) => form.test(first)) ?? [];
      if (kind === undefined) notices.push(paragraph);
      else blocks.push({ kind, title: first, lines: rest });
    }
  }
  const moving = alerts.flatMap(({ text }) => movingAlert.exec(text)?.[1]?.split(", ") ?? []);
  return { headlines, counts: countsOf(headlines, said.nothing, blocks), moving, alerts, notices, notes, blocks, ...said };
}

/** Reads how many versions there are, are withheld, and wait out their grace. */
function countsOf(headlines: readonly Headline[], nothing: string | undefined, blocks: readonly Block[]): VersionCounts {
  const inGrace = blocks.reduce((sum, { kind, title }) => sum + (kind === "grace" ? Number.parseInt(title, 10) : 0), 0);
  const [headline] = headlines;
  if (headline !== undefined) return { total: headline.total, withheld: headline.withheld, inGrace };
  const [all, total = "1", withheld = "0"] = idleAll.exec(nothing ?? "") ?? [];
  if (all !== undefined) return { total: Number(total), withheld: Number(withheld), inGrace };
  const [waits, , of, held = "0"] = idleInGrace.exec(nothing ?? "") ?? [];
  return waits === undefined ? { inGrace } : { total: Number(of), withheld: Number(held), inGrace };
}

/** Returns the line of an organisation's printed summary that approves all that waits; `undefined` where there is none of a known form. */
export function parseApproveAllLine(report: string): string | undefined {
  const lines = report.split("\n");
  const line = lines[lines.findIndex((one) => one.startsWith("To approve all that waits")) + 1]?.trim();
  return line !== undefined && approvals.some((form) => form.test(line)) ? line : undefined;
}
