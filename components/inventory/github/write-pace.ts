import Bottleneck from "bottleneck";

/** Points of GitHub's secondary limit, 900 a minute: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#calculating-points-for-the-secondary-rate-limit */
const pointsOfWrite = 5;
const pointsOfRead = 1;

const minute = 60_000;
/** GitHub advises a second between writes and allows three: the pace starts at the advice. */
const startShare = 1 / 3;
const leastShare = 1 / 30;
/** Of the highest pace, gained with each write that went well: the highest is reached after sixty. */
const stepShare = 1 / 90;

/**
 * The pace of writes, for all packages together: starts at a third of the highest, rises while nothing pushes back, and is
 * halved when GitHub does. What is read between two writes costs points as well, so the next write waits for those, too.
 */
export class WritePace {
  /** For the throttling, which lets each write, and each try of one, wait here for its turn. */
  readonly group: Bottleneck.Group;
  readonly #limiter: Bottleneck;
  readonly #most: number;
  #perMinute: number;
  #reads = 0;

  constructor(mostPerMinute: number) {
    this.#most = mostPerMinute;
    this.#perMinute = mostPerMinute * startShare;
    this.group = new Bottleneck.Group({ id: "ghcr-retention-write", maxConcurrent: 1, minTime: this.gap, timeout: 24 * 60 * minute });
    // The throttling's own name for what has none.
    this.#limiter = this.group.key("no-id");
  }

  get perMinute(): number {
    return this.#perMinute;
  }

  /** Milliseconds from one write to the next. */
  get gap(): number {
    const perPoint = minute / (this.#perMinute * pointsOfWrite);
    return Math.ceil((pointsOfWrite + this.#reads * pointsOfRead) * perPoint);
  }

  wasRead(): void {
    this.#reads += 1;
  }

  wentWell(): void {
    this.#setPace(this.#perMinute + this.#most * stepShare);
  }

  pushedBack(): void {
    this.#setPace(this.#perMinute / 2);
  }

  #setPace(perMinute: number): void {
    this.#perMinute = Math.min(this.#most, Math.max(this.#most * leastShare, perMinute));
    void this.#limiter.updateSettings({ minTime: this.gap });
    this.#reads = 0;
  }
}
