import { restoredSinceText } from "../../messages/refused";
import { type Ledger, restorableIn } from "./ledger";
import type { CheckedInputs } from "./stored";
import type { StoredReasons } from "./stored-reasons";

/**
 * Returns the versions that somebody restored while their approval stands: they are there again, so that the plan covers them, and the
 * ledger still holds them, so that `pulumi up` leaves them alone. Each with that as the reason.
 */
export function restoredSince({ plans }: Pick<CheckedInputs, "plans">, ledger: Ledger): StoredReasons {
  const there = new Set(Object.values(plans).flatMap(({ images, parts }) => [...images.split(" "), ...parts.split(" ")]));
  const back = restorableIn(ledger).filter(({ id }) => there.has(id));
  return Object.fromEntries(back.map(({ digest }) => [digest, restoredSinceText]));
}
