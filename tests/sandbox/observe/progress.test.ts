import assert from "node:assert/strict";
import { now, packageOfAYear, readsOf, rules, seedOf } from "../../../bench/world";
import { observePackage } from "../../../components/observe/observe-package";
import { ObserveProgress } from "../../../components/observe/progress";
import { useSandbox } from "../../support/emulator/running-sandbox";

describe("the progress of looking", () => {
  const sandbox = useSandbox({ now });
  const names = ["one", "two", "three"];
  const { others, children } = readsOf(packageOfAYear("one", 100));
  const reads = others + children;
  beforeEach(() => {
    for (const name of names) sandbox().seed(packageOfAYear(name, 100).map((version) => seedOf(`acme/${name}`, version)));
  });

  let looks = 0;
  /** Looks at the packages; every look at the clock moves it by so many milliseconds. */
  async function linesOf(step: number, logged = false, owner = "acme"): Promise<string[]> {
    const lines: string[] = [];
    let time = 0;
    const clock = () => {
      time += step;
      return time;
    };
    const progress = new ObserveProgress({ log: (text) => lines.push(text), logged, clock });
    const { githubApiUrl, registryUrl, token } = sandbox();
    const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute: 1_000 + ++looks, cacheFolder: undefined };
    const settings = { endpoints, token, progress };
    await Promise.all(names.map((name) => observePackage(settings, { owner, package: name, rules })));
    return lines;
  }

  describe("when it takes a few seconds", () => {
    it("is not told", async () => assert.deepEqual(await linesOf(5), []));
  });

  describe("when it takes long", () => {
    it("tells of packages, manifests, what was remembered, and the time to go", async () => {
      const lines = await linesOf(1_000);
      assert.ok(lines.length > 0);
      for (const line of lines) {
        assert.match(line, /^looked at [0-2] of 3 packages; \d+ manifests read, 0 remembered(; at least \d+ s to go)?$/);
      }
      assert.match(lines[0] ?? "", /; [4-5] manifests read, .+ to go$/);
    });

    it("is told every few seconds, and every half minute in a log", async () => {
      const watched = await linesOf(1_000);
      const logged = await linesOf(1_000, true);
      const moments = names.length * (reads + 1);
      assert.ok(watched.length <= moments / 5 && watched.length >= moments / 6 - 1, `${watched.length} lines in ${moments} s`);
      assert.ok(logged.length <= moments / 30 + 1, `${logged.length} lines in ${moments} s`);
    });
  });

  describe("when the packages cannot be read", () => {
    it("counts them as done, so that it does not stand still", async () => {
      const lines = await linesOf(10_000, false, "nobody");
      assert.deepEqual(
        lines.map((line) => line.split(";")[0]),
        ["looked at 1 of 3 packages", "looked at 2 of 3 packages"],
      );
    });
  });
});
