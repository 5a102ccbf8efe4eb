import type { Player } from "./play";
import type { Scenario } from "./scenario";

/**
 * Plays every order of one apply and an action of two steps, and returns the least number of the apply's requests between the two where an
 * image was incomplete until the next run: no client could have noticed.
 */
export async function windowOf(player: Player, scenario: Scenario): Promise<number> {
  const [action = ""] = scenario.actions;
  const serial = await player.play(scenario, () => 0);
  const requests = serial.events.length - 2;
  let least = Number.POSITIVE_INFINITY;
  for (let first = 0; first <= requests; first++) {
    for (let second = first; second <= requests && second - first < least; second++) {
      let [sent, steps] = [0, 0];
      const { late, problem } = await player.play(scenario, ({ options }) => {
        const turn = options.findIndex(({ actor }) => actor === action);
        const isDue = turn >= 0 && sent >= (steps === 0 ? first : second);
        if (isDue) steps += 1;
        else sent += 1;
        return isDue ? turn : 0;
      });
      if (problem !== undefined) throw new Error(problem);
      if (late.length > 0) least = second - first;
    }
  }
  return least;
}
