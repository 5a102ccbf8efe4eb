import assert from "node:assert/strict";
import { noUntaggedChildrenElsewhere } from "../../../policies/no-untagged-children-elsewhere";
import { analyze, unknownText } from "../../support/policies/analyze";
import { assertNotKnown, configured, refusalsOf } from "../../support/policies/configured";

const classic = "azure:containerservice/registryTask:RegistryTask";
const native = "azure-native:containerregistry:Task";

function task(command: string): string {
  return `version: v1.1.0\nsteps:\n  - cmd: ${command}\n    disableWorkingDirectoryOverride: true\n`;
}

const oldPurge = task("mcr.microsoft.com/acr/acr-cli:0.5 purge --filter 'app:.*' --ago 3d --untagged");
const base64 = (text: string) => Buffer.from(text).toString("base64");

function refusals(content: string): Promise<string[]> {
  return refusalsOf(noUntaggedChildrenElsewhere, classic, { encodedStep: { taskContent: content } });
}

describe("no-untagged-children-elsewhere", () => {
  describe("when a task of Azure Container Registry purges untagged manifests", () => {
    it("refuses a version that deletes the platforms of tagged images, with the vendor's issue as the reason", async () => {
      const [text, ...more] = await refusals(oldPurge);
      assert.deepEqual(more, []);
      assert.match(text ?? "", /the task runs `acr purge --untagged` of acr-cli 0\.5/);
      assert.match(text ?? "", /https:\/\/github\.com\/Azure\/acr-cli\/issues\/131/);
    });

    it("reads it encoded, in either provider and in a single run", async () => {
      for (const [type, inputs] of [
        [classic, { encodedStep: { taskContent: base64(oldPurge) } }],
        [native, { step: { type: "EncodedTask", encodedTaskContent: base64(oldPurge) } }],
        ["azure-native:containerregistry/v20190601preview:Task", { step: { type: "EncodedTask", encodedTaskContent: base64(oldPurge) } }],
        ["azure-native:containerregistry:TaskRun", { runRequest: { type: "EncodedTaskRunRequest", encodedTaskContent: base64(oldPurge) } }],
      ] as const) {
        assert.equal((await refusalsOf(noUntaggedChildrenElsewhere, type, inputs)).length, 1, type);
      }
    });

    for (const [what, command] of Object.entries({
      "a version that keeps them": "mcr.microsoft.com/acr/acr-cli:0.11 purge --filter 'app:.*' --ago 3d --untagged",
      "the newest": "mcr.microsoft.com/acr/acr-cli:0.17 purge --filter 'app:.*' --ago 3d --untagged",
      "its alias": "acr purge --filter 'app:.*' --ago 3d --untagged",
      "an old version that takes tags only": "mcr.microsoft.com/acr/acr-cli:0.5 purge --filter 'app:.*' --ago 3d",
      "something else": "mcr.microsoft.com/acr/acr-cli:0.5 tag list --untagged",
    })) {
      it(`lets ${what} pass`, async () => assert.deepEqual(await refusals(task(command)), []));
    }

    it("refuses a version of which nobody says that it keeps them", async () => {
      assert.match((await refusals(task("mcr.microsoft.com/acr/acr-cli:0.10 purge --untagged")))[0] ?? "", /acr-cli 0\.10/);
    });

    it("lets a task of another kind pass", async () => {
      assert.deepEqual(await refusalsOf(noUntaggedChildrenElsewhere, classic, { dockerStep: { dockerfilePath: "Dockerfile" } }), []);
    });

    it("says when it cannot know", () =>
      assertNotKnown(noUntaggedChildrenElsewhere, classic, { encodedStep: { taskContent: unknownText } }));
  });

  describe("when the registry itself keeps what an index lists", () => {
    const untagged = {
      rules: [{ rulePriority: 1, selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 3 } }],
    };
    const cases: readonly (readonly [type: string, inputs: object, reason: RegExp])[] = [
      [
        "gcp:artifactregistry/repository:Repository",
        { format: "DOCKER", cleanupPolicies: [{ id: "untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: "3d" } }] },
        /refuses to delete a manifest that an index lists/,
      ],
      [
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        { repository: "app", policy: JSON.stringify(untagged) },
        /expires no image that a manifest list references/,
      ],
      ["aws-native:ecr:Repository", { lifecyclePolicy: { lifecyclePolicyText: JSON.stringify(untagged) } }, /manifest list/],
      ["aws:ecrpublic/repository:Repository", { repositoryName: "app" }, /no lifecycle policies/],
      ["azure:containerservice/registry:Registry", { sku: "Premium", retentionPolicyInDays: 7 }, /when it loses its tag/],
      [
        "azure-native:containerregistry:Registry",
        { policies: { retentionPolicy: { days: 7, status: "enabled" } } },
        /when it loses its tag/,
      ],
      [
        "harbor:index/retentionPolicy:RetentionPolicy",
        { rules: [{ nDaysSinceLastPush: 3, untaggedArtifacts: true }] },
        /another one references/,
      ],
      ["harbor:index/garbageCollection:GarbageCollection", { schedule: "daily", deleteUntagged: true }, /another one references/],
      [
        "gitlab:index/project:Project",
        { containerExpirationPolicy: { enabled: true, olderThan: "7d", nameRegexDelete: ".*" } },
        /removes tags/,
      ],
    ];
    for (const [type, inputs, reason] of cases) {
      it(`lets ${type} pass, and says why with a link`, async () => {
        const { verdicts, reasons } = await analyze([configured(noUntaggedChildrenElsewhere)], type, inputs);
        assert.deepEqual(verdicts, []);
        assert.match(reasons[0] ?? "", reason);
        assert.match(reasons[0] ?? "", /: https:\/\/\S+$/);
      });
    }
  });

  it("does not judge other resources", async () => {
    const { reasons } = await analyze([configured(noUntaggedChildrenElsewhere)], "aws:s3/bucket:Bucket", {});
    assert.deepEqual(reasons, ["Only the retention of registries is checked."]);
  });
});
