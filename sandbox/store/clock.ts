/** The sandbox's time: the real time until it is set; then it stands still or, with `running`, continues from there. */
export class Clock {
  #offset = 0;
  #frozenAt: number | undefined;

  now(): number {
    return this.#frozenAt ?? Date.now() + this.#offset;
  }

  set(time: string | number | Date, running = false): void {
    const at = new Date(time).getTime();
    if (Number.isNaN(at)) throw new RangeError(`not a time: ${String(time)}`);
    this.#frozenAt = running ? undefined : at;
    this.#offset = running ? at - Date.now() : 0;
  }

  advance(seconds: number): void {
    if (this.#frozenAt === undefined) this.#offset += seconds * 1000;
    else this.#frozenAt += seconds * 1000;
  }

  /** Returns the state of the clock, for a restart. */
  snapshot(): { frozenAt: number | null; offset: number } {
    return { frozenAt: this.#frozenAt ?? null, offset: this.#offset };
  }

  restore(snapshot: { frozenAt: number | null; offset: number }): void {
    this.#frozenAt = snapshot.frozenAt ?? undefined;
    this.#offset = snapshot.offset;
  }
}

/** Formats a time as GitHub does, without fractions. */
export function timestamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
