import { join } from "node:path";
import type { Outcome } from "../engine/stack";
import type { FeatureScene } from "./scene";

export interface Feature {
  /** As the table names it. */
  readonly name: string;
  readonly use: (scene: FeatureScene) => Promise<Outcome>;
}

/** What the engine offers, in the order of the table. Each is used on a scene of its own. */
export const features: readonly Feature[] = [
  { name: "`pulumi preview`", use: ({ stack }) => stack.preview() },
  { name: "`pulumi preview --refresh`", use: ({ stack }) => stack.preview("--refresh") },
  { name: "`pulumi up`", use: ({ stack }) => stack.up() },
  { name: "`pulumi up --refresh`", use: ({ stack }) => stack.up("--refresh") },
  { name: "`pulumi up --continue-on-error`", use: ({ stack }) => stack.up("--continue-on-error") },
  { name: "`pulumi up --target` of the policy", use: async (scene) => scene.stack.up("--target", await scene.urn()) },
  { name: "`pulumi up --target` of another resource", use: async (scene) => scene.stack.up("--target", await scene.urn(":Group")) },
  { name: "`pulumi up --exclude` of the policy", use: async (scene) => scene.stack.up("--exclude", await scene.urn()) },
  { name: "`pulumi up --replace` or `--target-replace`", use: async (scene) => scene.stack.up("--replace", await scene.urn()) },
  {
    name: "`pulumi preview --save-plan`, `pulumi up --plan`",
    use: async ({ stack }) => {
      const plan = join(stack.folder, "plan.json");
      const preview = await stack.preview("--save-plan", plan);
      return preview.exitCode === 0 ? stack.up("--plan", plan) : preview;
    },
  },
  { name: "`pulumi refresh`", use: ({ stack }) => stack.refresh() },
  { name: "`pulumi destroy`", use: ({ stack }) => stack.destroy() },
  { name: "`pulumi destroy --target`", use: async (scene) => scene.stack.destroy("--target", await scene.urn()) },
  {
    name: "`pulumi destroy` with the option `retainOnDelete`",
    use: async (scene) => {
      await scene.declareAndUp({ options: { retainOnDelete: true } });
      return scene.stack.destroy();
    },
  },
  {
    name: "`pulumi destroy` with the option `protect`",
    use: async (scene) => {
      await scene.declareAndUp({ options: { protect: true } });
      return scene.stack.destroy();
    },
  },
  { name: "`pulumi state protect`", use: async (scene) => scene.stack.state("protect", await scene.urn()) },
  {
    name: "`pulumi state rename`, and the new name in the program",
    use: async (scene) => {
      const renamed = await scene.stack.state("rename", await scene.urn(), "renamed");
      await scene.declare({ name: "renamed" });
      return renamed;
    },
  },
  { name: "`pulumi state taint`", use: async (scene) => scene.stack.state("taint", await scene.urn()) },
  { name: "`pulumi state delete`", use: async (scene) => scene.stack.state("delete", await scene.urn()) },
  {
    name: "`pulumi stack export`, `pulumi stack import`",
    use: async ({ stack }) => {
      const state = join(stack.folder, "exported.json");
      const exported = await stack.plain("stack", "export", "--file", state);
      return exported.exitCode === 0 ? stack.plain("stack", "import", "--file", state) : exported;
    },
  },
  { name: "another name in the program", use: (scene) => scene.declareAndUp({ name: "renamed" }) },
  {
    name: "another name, with the option `aliases`",
    use: (scene) => scene.declareAndUp({ name: "renamed", options: { aliases: [{ name: "app" }] } }),
  },
  { name: "another parent in the program", use: (scene) => scene.declareAndUp({ group: "group" }) },
  {
    name: "another parent, with the option `aliases`",
    use: (scene) => scene.declareAndUp({ group: "group", options: { aliases: [{ parent: "stack" }] } }),
  },
  { name: "the policy taken out of the program", use: (scene) => scene.declareAndUp({ absent: true }) },
  {
    name: "the policy taken out and put back",
    use: async (scene) => {
      await scene.declareAndUp({ absent: true });
      return scene.declareAndUp({ absent: false });
    },
  },
  { name: 'option `ignoreChanges: ["rules"]`', use: (scene) => scene.declareAndUp({ options: { ignoreChanges: ["rules"] } }) },
  { name: 'option `ignoreChanges: ["approve"]`', use: (scene) => scene.declareAndUp({ options: { ignoreChanges: ["approve"] } }) },
  { name: 'option `replaceOnChanges: ["rules"]`', use: (scene) => scene.declareAndUp({ options: { replaceOnChanges: ["rules"] } }) },
  {
    name: "option `replaceOnChanges` with `deleteBeforeReplace`",
    use: (scene) => scene.declareAndUp({ options: { replaceOnChanges: ["rules"], deleteBeforeReplace: true } }),
  },
  { name: "option `import`", use: (scene) => scene.declareAndUp({ name: "imported", options: { import: "acme/app" } }) },
  { name: "option `customTimeouts`", use: (scene) => scene.declareAndUp({ options: { customTimeouts: { update: "10m" } } }) },
  { name: "a transform that keeps every image", use: (scene) => scene.declareAndUp({ transform: { protect: ["pr-2"] } }) },
];
