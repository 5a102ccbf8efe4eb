/** A plan in one line. */
export interface Headline {
  readonly id: string;
  readonly deletes: number;
  readonly total: number;
  readonly images: number;
  readonly keeps: number;
  readonly withheld: number;
}

/** Something with lines of its own: a table, a list. */
export interface Block {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What a preview's report says, by kind. */
export interface ReportParts {
  readonly headlines: readonly Headline[];
  /** `nothing to delete: …` */
  readonly nothing?: string;
  /** How the approved plan is carried out. */
  readonly approved?: string;
  /** What the waiting plan waits for. */
  readonly waiting?: string;
  /** The line that approves it; absent where it is not of a known form. */
  readonly approveWith?: string;
  /** Why nobody can approve it. */
  readonly breach?: string;
  /** Broken images and warnings. */
  readonly alerts: readonly string[];
  readonly notices: readonly string[];
  readonly blocks: readonly Block[];
}

const headline = /^plan ([0-9a-f+ -]{23,}): delete (\d+) of (\d+) versions \((\d+) images?\), keep (\d+), (\d+) withheld$/;
const planId = "\\d{4}-\\d{2}-\\d{2}-[0-9a-f]{12}";
/** What stands here is copied into a shell or a program: nothing but a path and an id. */
const approvals = [
  new RegExp(`^pulumi config set --path '[\\w.:/[\\]"-]+' ${planId}$`),
  new RegExp(`^(?:overrides\\["[a-z0-9._/-]+"\\]\\.)?approve: "${planId}"(?: {3}\\(an argument of this \\w+\\))?$`),
];
const blockTitles = [
  /^\d+ versions? waits? out (?:its|their) grace of /,
  /^to be restored, \d+ versions: /,
  /^refused by GitHub, left out since:$/,
  /^withheld, since something needs it:$/,
];

/** Sorts the paragraphs of a report; what is of no known kind is a notice, so that nothing is lost. Pure. */
export function reportParts(report: string): ReportParts {
  const headlines: Headline[] = [];
  const alerts: string[] = [];
  const notices: string[] = [];
  const blocks: Block[] = [];
  const said: { -readonly [Key in "nothing" | "approved" | "waiting" | "approveWith" | "breach"]?: string } = {};
  for (const paragraph of report.trim().split("\n\n")) {
    const [first = "", ...rest] = paragraph.split("\n");
    const [, id = "", ...numbers] = headline.exec(first) ?? [];
    const [deletes = 0, total = 0, images = 0, keeps = 0, withheld = 0] = numbers.map(Number);
    if (id !== "") headlines.push({ id, deletes, total, images, keeps, withheld });
    // Plans are told from the inputs, which cut no rows.
    else if (first.startsWith("  image ")) continue;
    else if (/^(restore \d+ versions, )?nothing to delete: /.test(first)) said.nothing = first;
    else if (first.startsWith("approved: ")) said.approved = first;
    else if (first.startsWith("this plan cannot be approved: ")) said.breach = first;
    else if (first.startsWith("waiting for approval")) {
      said.waiting = first.replace(/ To approve exactly this:$/, "");
      const line = rest[0]?.trim() ?? "";
      if (approvals.some((form) => form.test(line))) said.approveWith = line;
    } else if (/^(broken \(|warning: |… and \d+ more broken)/.test(first)) alerts.push(paragraph);
    else if (blockTitles.some((form) => form.test(first))) blocks.push({ title: first, lines: rest });
    else if (first !== "") notices.push(paragraph);
  }
  return { headlines, alerts, notices, blocks, ...said };
}

/** The line of an organisation's summary that approves all that waits; `undefined` where there is none of a known form. */
export function approveAllLine(report: string): string | undefined {
  const lines = report.split("\n");
  const line = lines[lines.findIndex((one) => one.startsWith("To approve all that waits")) + 1]?.trim();
  return line !== undefined && approvals.some((form) => form.test(line)) ? line : undefined;
}
