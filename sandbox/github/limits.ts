import { z } from "zod";
import type { Clock } from "../store/clock";
import type { Token } from "../store/tokens";

/** The body of `POST /_sandbox/limits`: GitHub's documented limits, always counted and enforced on request. */
export const Limits = z.strictObject({
  enforce: z.boolean().default(false),
  hourly: z.int().positive().default(5000),
  /** GET costs 1 point, DELETE, PUT and POST cost 5. Measured in real time, since the sandbox's clock may stand still. */
  pointsPerMinute: z.int().positive().default(900),
  concurrent: z.int().positive().default(100),
  /** `retry-after` of the reply to too many points; 0 omits the header. */
  retryAfterSeconds: z.int().nonnegative().default(60),
});
export type Limits = z.infer<typeof Limits>;

interface Account {
  used: number;
  resetAt: number;
  /** The points of each second. */
  readonly points: Map<number, number>;
}

export type Verdict = "pass" | "primary" | "secondary";

export class RateLimiter {
  limits: Limits = Limits.parse({});
  underWay = 0;
  readonly #accounts = new Map<Token, Account>();

  constructor(readonly clock: Clock) {}

  /** Counts a request against the token's hourly limit. */
  count(token: Token): void {
    this.#account(token).used += 1;
  }

  verdict(token: Token, method: string): Verdict {
    if (!this.limits.enforce) return "pass";
    const account = this.#account(token);
    if (account.used >= this.limits.hourly) return "primary";
    if (this.underWay > this.limits.concurrent) return "secondary";
    const second = Math.floor(Date.now() / 1000);
    for (const old of account.points.keys()) if (old <= second - 60) account.points.delete(old);
    const spent = [...account.points.values()].reduce((sum, points) => sum + points, 0);
    const cost = method === "GET" || method === "HEAD" ? 1 : 5;
    if (spent + cost > this.limits.pointsPerMinute) return "secondary";
    account.points.set(second, (account.points.get(second) ?? 0) + cost);
    return "pass";
  }

  state(token: Token): { limit: number; remaining: number; reset: number; used: number } {
    const { used, resetAt } = this.#account(token);
    // Without enforcement the limit never appears used up, since clients would wait.
    const least = this.limits.enforce ? 0 : 1;
    const { hourly } = this.limits;
    return { limit: hourly, remaining: Math.max(least, hourly - used), reset: Math.ceil(resetAt / 1000), used };
  }

  headers(token: Token): Record<string, string> {
    const { limit, remaining, reset, used } = this.state(token);
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": String(reset),
      "x-ratelimit-used": String(used),
      "x-ratelimit-resource": "core",
    };
  }

  #account(token: Token): Account {
    const now = this.clock.now();
    const account = this.#accounts.get(token);
    if (account !== undefined && now < account.resetAt && account.resetAt <= now + 3600_000) return account;
    const fresh = { used: 0, resetAt: now + 3600_000, points: account?.points ?? new Map<number, number>() };
    this.#accounts.set(token, fresh);
    return fresh;
  }
}
