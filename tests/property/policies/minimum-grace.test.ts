import assert from "node:assert/strict";
import fc from "fast-check";
import { Duration } from "../../../components/rules/duration";
import { minimumGrace } from "../../../policies/minimum-grace";
import { minutes } from "../../../policies/reading/duration";
import { unknownText } from "../../support/policies/analyze";
import { assertNotKnown, refusalsOf } from "../../support/policies/configured";
import { retentionPolicy, validInputs } from "../../support/policies/inputs";

function refusals(change: object, config: Record<string, unknown> = {}): Promise<string[]> {
  return refusalsOf(minimumGrace, retentionPolicy, { ...validInputs(), grace: "7d", ...change }, { config });
}

describe("minimum-grace", () => {
  it("lets the grace that is asked for pass, and more", async () => {
    for (const grace of ["7d", "1w", "P7D", "P1W", "168h", "30d"]) assert.deepEqual(await refusals({ grace }), [], grace);
  });

  it("refuses less, and none", async () => {
    assert.match((await refusals({ grace: "6d" }))[0] ?? "", /`grace` is 6d; the minimum here is 7d/);
    assert.match((await refusals({ grace: undefined }))[0] ?? "", /`grace` is not set; the minimum here is 7d/);
  });

  it("refuses what is no duration", async () => assert.equal((await refusals({ grace: "a while" })).length, 1));

  it("asks for what is configured", async () => {
    assert.match((await refusals({}, { grace: "2w" }))[0] ?? "", /the minimum here is 2w.*\n.*`grace: 2w`/s);
    assert.deepEqual(await refusals({ grace: "1d" }, { grace: "1d" }), []);
  });

  it("judges the minimum age as well, a day where none is written", async () => {
    assert.deepEqual(await refusals({}), []);
    assert.match((await refusals({}, { minimumAge: "3d" }))[0] ?? "", /`minimumAge` is not set; the minimum here is 3d/);
    assert.deepEqual(await refusals({ minimumAge: "4d" }, { minimumAge: "3d" }), []);
  });

  it("takes no config that is no duration", async () => {
    await assert.rejects(refusals({}, { grace: "a while" }), /must match pattern/);
  });

  it("says when it cannot know", () => assertNotKnown(minimumGrace, retentionPolicy, { ...validInputs(), grace: unknownText }));

  it("reads durations as the component does", () => {
    const part = fc.integer({ min: 0, max: 500 });
    const text = fc.oneof(
      fc.tuple(part, fc.constantFrom("m", "h", "d", "w", "y")).map(([count, unit]) => `${count}${unit}`),
      fc.tuple(part, part, part).map(([days, hours, left]) => `P${days}DT${hours}H${left}M`),
      part.map((weeks) => `P${weeks}W`),
      fc.constantFrom("P", "PT", "P1DT", "P1M", "P1Y", "", "7", "7 d", "-7d"),
    );
    fc.assert(
      fc.property(text, (duration) => {
        const known = Duration.safeParse(duration);
        if (known.success) assert.equal((minutes(duration) ?? Number.NaN) * 60_000, known.data);
        else assert.ok((minutes(duration) ?? 0) === 0, duration);
      }),
      { numRuns: 300 },
    );
  });
});
