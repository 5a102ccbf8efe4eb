import { assume, type LiveProbe } from "../probes/assume";
import { notObservable, type Observation, saw } from "../rows/probe";
import type { Scratch } from "../scratch/scratch";
import type { Surroundings } from "./engine";
import { PolicyRun } from "./policy-run";

/** A policy from its preview to the way back, one row for each step. A step is only taken after the one before it went well. */
export class PolicyProbes {
  readonly probes: readonly LiveProbe[] = [
    assume("a preview plans exactly the image that its policy's rule names", true, (scratch) => this.#preview(scratch)),
    assume("`pulumi up` deletes exactly what was approved", true, (scratch) => this.#apply(scratch)),
    assume("what a policy leaves can be pulled complete", true, () => this.#pullKept()),
    assume("`restore` brings an image back complete, with its tag", true, (scratch) => this.#restore(scratch)),
  ];
  readonly #surroundings: Surroundings;
  #run: PolicyRun | undefined;
  #planId: string | undefined;
  #isApplied = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  async close(): Promise<void> {
    await this.#run?.close();
  }

  async #preview(scratch: Scratch): Promise<Observation> {
    this.#run = await PolicyRun.open(scratch, this.#surroundings);
    const before = await digestsIn(scratch);
    const plan = await this.#run.preview();
    if (plan === undefined) return saw(false, "the preview has no plan");
    const planned = Object.keys(plan.reasons);
    const isExact = isSame(planned, this.#run.expected) && isSame(await digestsIn(scratch), before);
    if (isExact) this.#planId = plan.id;
    return saw(isExact, `plan ${plan.id}: ${planned.length} versions of ${before.length}`);
  }

  async #apply(scratch: Scratch): Promise<Observation> {
    const [run, planId] = [this.#run, this.#planId];
    if (run === undefined || planId === undefined) return notObservable("no plan was previewed");
    const remaining = (await digestsIn(scratch)).filter((digest) => !run.expected.includes(digest));
    await run.apply(planId);
    const after = await digestsIn(scratch);
    this.#isApplied = isSame(after, remaining);
    return saw(this.#isApplied, `${after.length} versions are left`);
  }

  async #pullKept(): Promise<Observation> {
    if (this.#run === undefined || !this.#isApplied) return notObservable("no plan was applied");
    await this.#run.pull("kept");
    return saw(true);
  }

  async #restore(scratch: Scratch): Promise<Observation> {
    const run = this.#run;
    if (run === undefined || !this.#isApplied) return notObservable("no plan was applied");
    await run.restore();
    await run.pull("old");
    const listed = await digestsIn(scratch);
    return saw(run.expected.every((digest) => listed.includes(digest)) && (await run.isTagged()));
  }
}

async function digestsIn(scratch: Scratch): Promise<string[]> {
  return (await scratch.versions()).map(({ digest }) => digest);
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((digest) => others.includes(digest));
}
