import { count } from "../messages/plurals";

/** A plan in numbers. */
export interface Headline {
  readonly id: string;
  /** Versions. */
  readonly deletes: number;
  /** Versions of the package. */
  readonly total: number;
  readonly images: number;
  readonly keeps: number;
  readonly withheld: number;
}

/** What becomes of a plan: it is approved, waits for approval, or exceeds the limits, so that nobody can approve it. */
export const planStates = ["approved", "waiting", "refused"] as const;
export type PlanState = (typeof planStates)[number];

export interface ReportedPlan {
  readonly headline: Headline;
  readonly state: PlanState;
  /** How it goes, or why it cannot. */
  readonly note: string;
  /** The line that approves it. */
  readonly approveWith?: string;
  /** What it frees; absent where nothing is known of that. */
  readonly storage?: string;
}

/** A heading with lines of its own: a table, a list. */
export interface Block {
  readonly kind: "restoring" | "restored" | "grace" | "refused" | "withheld";
  readonly title: string;
  readonly lines: readonly string[];
}

export interface Alert {
  /** `broken`: an image that cannot be pulled whole. `warning`: something in the policy. */
  readonly kind: "broken" | "warning";
  readonly text: string;
}

/** One paragraph of a package's report. */
export type Paragraph =
  | { readonly kind: "plan"; readonly plan: ReportedPlan; readonly table: string }
  | { readonly kind: "idle"; readonly text: string }
  | { readonly kind: "alert"; readonly alert: Alert }
  | { readonly kind: "notice"; readonly text: string }
  /** Something that asks for nothing. */
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "block"; readonly block: Block };

/** Writes a plan's headline. */
export function headlineText({ id, deletes, total, images, keeps, withheld }: Headline): string {
  return `plan ${id}: delete ${deletes} of ${count(total, "version")} (${count(images, "image")}), keep ${keeps}${withheldText(withheld)}`;
}

/** Writes how many versions are withheld, and what that means: the word stands here first. */
export function withheldText(withheld: number, where = "see below"): string {
  if (withheld === 0) return "";
  return `, ${withheld} withheld (a delete rule matches ${withheld === 1 ? "it, but something keeps it" : "them, but something keeps them"}: ${where})`;
}

/** Writes how a plan goes, or why it cannot, as a sentence of its own. */
export function noteSentence({ state, note }: Pick<ReportedPlan, "state" | "note">): string {
  return state === "waiting" ? `${note.charAt(0).toUpperCase()}${note.slice(1)}` : note;
}

/** Writes an alert in one line. */
export function alertText({ kind, text }: Alert): string {
  return kind === "warning" ? `warning: ${text}` : text;
}

/** Writes a note in one line. */
export function noteText(text: string): string {
  return `note: ${text}`;
}

/** Writes a report's paragraphs as plain text: first the headline for the Info column. */
export function renderParagraphs(paragraphs: readonly Paragraph[]): string {
  return paragraphs.flatMap(render).join("\n\n");
}

function render(paragraph: Paragraph): string[] {
  switch (paragraph.kind) {
    case "plan":
      return [headlineText(paragraph.plan.headline), paragraph.table, ...storageLine(paragraph.plan), planNote(paragraph.plan)];
    case "alert":
      return [alertText(paragraph.alert)];
    case "note":
      return [noteText(paragraph.text)];
    case "block":
      return [[paragraph.block.title, ...paragraph.block.lines].join("\n")];
    default:
      return [paragraph.text];
  }
}

function storageLine({ storage }: ReportedPlan): string[] {
  return storage === undefined ? [] : [storage];
}

function planNote({ state, note, approveWith }: ReportedPlan): string {
  if (state === "approved") return `approved: ${note}`;
  if (state === "refused") return `this plan cannot be approved: ${note}`;
  return `waiting for approval, ${note}${approveWith === undefined ? "" : ` To approve exactly this:\n  ${approveWith}`}`;
}
