import { type MessagePort, parentPort } from "node:worker_threads";
import type { Endpoints } from "./inventory/endpoints";
import { type LookOutcome, lookAtPackage } from "./look-at-package";
import { LookProgress } from "./look-progress";
import type { WrittenPolicy } from "./written-policy";

/** A look that another thread wants. */
export interface WantedLook {
  readonly id: number;
  readonly endpoints: Endpoints;
  readonly token: string | undefined;
  readonly policy: WrittenPolicy;
  readonly organizationApproval: string | undefined;
}

/** What it is told: what came of a look, or a line for people. */
export type LookNews =
  | { readonly id: number; readonly outcome: LookOutcome }
  | { readonly id: number; readonly error: unknown }
  | { readonly line: string; readonly isProgress: boolean };

function serve(port: MessagePort): void {
  const tell = (news: LookNews) => port.postMessage(news);
  const progress = new LookProgress({ tell: (line) => tell({ line, isProgress: true }), logged: Boolean(process.env.CI) });
  port.on("message", ({ id, policy, ...settings }: WantedLook) => {
    const all = { ...settings, progress, tell: (line: string) => tell({ line, isProgress: false }) };
    lookAtPackage(all, policy).then(
      (outcome) => tell({ id, outcome }),
      (error: unknown) => tell({ id, error }),
    );
  });
}

if (parentPort) serve(parentPort);
