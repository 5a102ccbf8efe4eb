import assert from "node:assert/strict";
import { incident, packages, tagsThatMatter, yearOfPushes } from "../../../demo/world/year";

describe("the demo's year", () => {
  const pushes = yearOfPushes();

  it("goes from the first days of 2023 to the incident, in order", () => {
    const times = pushes.map(({ at }) => at.getTime());
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    assert.equal(pushes[0]?.at.toISOString().slice(0, 7), "2023-01");
    assert.ok((times.at(-1) ?? 0) < incident.getTime());
    assert.ok(pushes.length > 100);
  });

  for (const name of packages) {
    describe(name, () => {
      const mine = pushes.filter((push) => push.package === name);

      it("is deployed every week, the last time more than three days before the incident", () => {
        const deployments = mine.filter(({ tags }) => tags.includes("prod"));
        assert.equal(deployments.length, 50);
        const age = incident.getTime() - (deployments.at(-1)?.at.getTime() ?? 0);
        assert.ok(age > 3 * 86_400_000 && age < 7 * 86_400_000);
      });

      it("has pull requests, of which some were pushed twice and one is younger than three days", () => {
        const tags = mine.flatMap((push) => push.tags).filter((tag) => tag.startsWith("pr-"));
        assert.ok(new Set(tags).size < tags.length);
        assert.ok(mine.some(({ at, tags: [tag] }) => tag?.startsWith("pr-") && incident.getTime() - at.getTime() < 3 * 86_400_000));
      });

      it("never builds main twice under one tag", () => {
        const tags = mine.flatMap((push) => push.tags).filter((tag) => tag.startsWith("main-"));
        assert.equal(new Set(tags).size, tags.length);
        assert.ok(tags.length > 10 && tags.every((tag) => /^main-[0-9a-f]{7}$/.test(tag)));
      });
    });
  }

  it("knows the tags that people would miss", () => {
    const tags = tagsThatMatter(pushes, "logto");
    const releases = Array.from({ length: 13 }, (_, minor) => `v1.${minor}.0`);
    for (const tag of ["prod", "latest", ...releases]) assert.ok(tags.includes(tag), tag);
    assert.equal(tags.filter((tag) => tag.startsWith("main-")).length, 10);
    assert.ok(!tags.some((tag) => tag.startsWith("pr-")));
  });
});
