import assert from "node:assert/strict";
import { leftOpen } from "../../support/migration/left-open";
import { migrated } from "../../support/migration/migrated";
import {
  dataaxiom,
  dataaxiomInputs,
  manager,
  managerInputs,
  official,
  officialInputs,
  snok2,
  snok2Inputs,
  snok3,
  snok3Inputs,
} from "../../support/migration/old-steps";
import { workflow } from "../../support/migration/workflow";

describe("a step whose values the action cannot use, or reads otherwise", () => {
  describe("when it cannot start", () => {
    for (const [what, uses, options, why] of [
      [
        "two ways to name a number",
        official,
        { ...officialInputs, "num-old-versions-to-delete": 5, "min-versions-to-keep": 3 },
        /a number above 1 cannot be used with/,
      ],
      [
        "no type of package",
        official,
        { owner: "acme", "package-name": "app", "min-versions-to-keep": 3 },
        /`package-type: `: it is required/,
      ],
      [
        "both ways to name tags",
        dataaxiom,
        { ...dataaxiomInputs, tags: "a", "delete-tags": "b" },
        /`tags` and `delete-tags` cannot be used together/,
      ],
      [
        "a number beside a flag",
        dataaxiom,
        { ...dataaxiomInputs, "keep-n-untagged": 3, "delete-untagged": true },
        /`keep-n-untagged` and `delete-untagged` cannot be used together/,
      ],
      [
        "a flag that is none",
        dataaxiom,
        { ...dataaxiomInputs, "delete-untagged": "yes" },
        /`delete-untagged: yes`: expected true or false/,
      ],
      [
        "a number that is none",
        dataaxiom,
        { ...dataaxiomInputs, "keep-n-tagged": "some" },
        /`keep-n-tagged: some`: expected a whole number/,
      ],
      ["an age of version 2", snok3, { ...snok3Inputs, "cut-off": "2 weeks ago UTC" }, /since version 3 the action expects a duration/],
      ["an age of version 3", snok2, { ...snok2Inputs, "cut-off": "2w" }, /before version 3 the action expects a time with its timezone/],
      ["a selection that is none", snok3, { ...snok3Inputs, "tag-selection": "all" }, /expected both, tagged or untagged/],
      [
        "an unknown command",
        manager,
        { ...managerInputs, command: "clean", "delete-untagged": true },
        /`command: clean`: expected `scan` or `cleanup`/,
      ],
      [
        "tags to exclude without any to delete",
        manager,
        { ...managerInputs, "delete-untagged": true, "exclude-tags": "v1" },
        /needs an input that selects tagged images/,
      ],
    ] as const) {
      it(`says that it deletes nothing: ${what}`, async () => {
        const { stderr } = await leftOpen(uses, options);
        assert.match(stderr, why);
        assert.match(stderr, /as the old step is written, it fails, and deletes nothing$/m);
      });
    }

    it("refuses a list, as GitHub does", async () => {
      const { stderr } = await leftOpen(dataaxiom, { ...dataaxiomInputs, "keep-n-tagged": 2, "exclude-tags": ["prod", "v1"] });
      assert.match(stderr, /`exclude-tags: .*`: expected text: GitHub refuses the workflow with a list or a map here/);
    });
  });

  describe("when the action reads a value otherwise", () => {
    it("takes one expression with commas for none that fits, and suggests the list", async () => {
      const text =
        "jobs: { clean: { steps: [ { uses: dataaxiom/ghcr-cleanup-action@v1, with: { owner: acme, package: app, use-regex: true, exclude-tags: '^stable$,^v[0-9]+$', keep-n-tagged: 3 } } ] } }";
      const { rules, stderr } = await migrated({ "clean.yml": text });
      assert.deepEqual(rules["acme/app"]?.[0], { name: "keep-excluded", action: "keep", tags: ["/^stable$/", "/^v[0-9]+$/"] });
      assert.ok(rules["acme/app"]?.every(({ action }) => action === "keep"));
      assert.match(stderr, /with `use-regex` this is one expression, commas included, and no list; it fits no tag, so nothing is excluded/);
    });

    it("keeps an expression with a comma in a number of times", async () => {
      const { rules } = await migrated({
        "clean.yml": workflow(dataaxiom, {
          ...dataaxiomInputs,
          "use-regex": true,
          "exclude-tags": "^v[0-9]{1,3}$|a,b",
          "delete-untagged": true,
        }),
      });
      assert.deepEqual(
        rules["acme/app"]?.map(({ name }) => name),
        ["keep-excluded", "drop-untagged"],
      );
    });

    it("takes `1.10` without quotes for the number that GitHub makes of it", async () => {
      const text = workflow(dataaxiom, { ...dataaxiomInputs, "delete-tags": "PLACE" }).replace("PLACE", "1.10");
      const { stderr } = await migrated({ "clean.yml": text });
      assert.match(stderr, /`delete-tags: 1\.10`: without quotes GitHub reads it as the number 1\.1$/m);
    });

    it("takes an empty number to keep for 0", async () => {
      const { stderr } = await leftOpen(official, { ...officialInputs, "min-versions-to-keep": "" });
      assert.match(stderr, /`min-versions-to-keep: `: without a value it counts as 0: no version stays/);
      assert.match(stderr, /it deletes every version, tagged or not$/m);
    });
  });
});
