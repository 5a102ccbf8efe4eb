import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type LookedAt, type Shares, sharesOf } from "../approval/organization-shares";
import type { WrittenPolicy } from "../config/written-policy";
import type { Endpoints } from "../inventory/endpoints";
import type { FailedLook, PolicyError, Seen } from "../inventory/outcome";
import { encodeInventory } from "../inventory/snapshot";
import { type Handed, Handover } from "../inventory/snapshot-file";
import { judge, type Known } from "../lifecycle/state/decide-again";
import { LookError } from "../model/errors";
import { type ApprovalPlace, approvalLine } from "../report/approval-line";
import { type Standing, standingOf } from "../report/package-status";
import { reportOf } from "../report/resource-report";
import { lookAtPackage } from "./observe-package";
import { LookProgress } from "./progress";

/** A look that another thread wants. */
export interface WantedLook {
  readonly endpoints: Endpoints;
  readonly token: string | undefined;
  readonly policy: WrittenPolicy;
  readonly organizationApproval: string | undefined;
}

/** What came of it. What was seen stays with this thread, under a number, until it is told of. */
export type HandedOutcome = HandedLook | FailedLook | PolicyError;

interface HandedLook extends Pick<Seen, "policy"> {
  readonly seen: number;
  readonly handed: Handed;
}

/** What is to be told of a package that was seen. */
export interface WantedTelling {
  readonly seen: number;
  readonly known: Known;
  readonly isPreview: boolean;
  readonly place: ApprovalPlace;
}

/** For people, and for the summary of an organisation. */
export interface Telling {
  readonly text: string;
  readonly standing: Standing;
}

export interface WantedShares {
  readonly owner: string;
  readonly approve: string | undefined;
  readonly looks: readonly LookedAt<HandedOutcome>[];
}

/** What another thread asks. */
export type Question = { readonly look: WantedLook } | { readonly telling: WantedTelling } | { readonly shares: WantedShares };

/** What it is told: an answer, or a line for people. */
export type LookNews =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: unknown }
  | { readonly line: string; readonly isProgress: boolean };

/** Looks at packages, and remembers what it saw of each until that is told. */
class LookDesk {
  readonly #tell: (line: string, isProgress: boolean) => void;
  readonly #progress: LookProgress;
  readonly #handover: Handover;
  readonly #seen = new Map<number, Seen>();
  #count = 0;

  constructor(folder: string, tell: (line: string, isProgress: boolean) => void) {
    this.#tell = tell;
    this.#progress = new LookProgress({ tell: (line) => tell(line, true), logged: Boolean(process.env.CI) });
    this.#handover = new Handover(folder);
  }

  async answer(question: Question): Promise<unknown> {
    if ("look" in question) return this.#look(question.look);
    return "telling" in question ? this.#telling(question.telling) : this.#shares(question.shares);
  }

  async #look({ policy, ...settings }: WantedLook): Promise<HandedOutcome> {
    const all = { ...settings, progress: this.#progress, tell: (line: string) => this.#tell(line, false) };
    const outcome = await lookAtPackage(all, policy);
    if (!("graph" in outcome)) return outcome;
    try {
      const handed = await this.#handover.leave(`${policy.owner}/${policy.package}`, encodeInventory(outcome.graph.inventory));
      const seen = this.#count++;
      this.#seen.set(seen, outcome);
      return { seen, handed, policy: outcome.policy };
    } catch (error) {
      if (error instanceof LookError) return { lookError: error.message, policy: outcome.policy };
      throw error;
    }
  }

  #telling({ seen: number, known, isPreview, place }: WantedTelling): Telling {
    const judgement = judge(known, this.#seenAs(number));
    this.#seen.delete(number);
    return { text: reportOf(known, judgement, { isPreview, approveWith: approvalLine(place) }), standing: standingOf(known, judgement) };
  }

  #shares({ owner, approve, looks }: WantedShares): Shares {
    return sharesOf(
      owner,
      approve,
      looks.map(({ name, outcome }) => {
        if (outcome === undefined) return { name };
        return { name, outcome: "seen" in outcome ? this.#seenAs(outcome.seen) : outcome };
      }),
    );
  }

  #seenAs(number: number): Seen {
    const seen = this.#seen.get(number);
    if (seen === undefined) throw new Error("what was seen of a package is gone with the thread that saw it");
    return seen;
  }
}

function serve(port: MessagePort, folder: string): void {
  const tell = (news: LookNews) => port.postMessage(news);
  const desk = new LookDesk(folder, (line, isProgress) => tell({ line, isProgress }));
  port.on("message", ({ id, question }: { readonly id: number; readonly question: Question }) => {
    desk.answer(question).then(
      (answer) => tell({ id, answer }),
      (error: unknown) => tell({ id, error }),
    );
  });
}

if (parentPort) serve(parentPort, workerData as string);
