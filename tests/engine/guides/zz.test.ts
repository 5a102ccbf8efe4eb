import { appendFileSync, readFileSync } from "node:fs";
import { startSandbox } from "../../../sandbox";
import { now, PackageWorld, shop, small } from "../../support/engine/world";
import { Project } from "../../support/guides/project";

const config = `
  ghcr-retention:policies:
    - owner: logto-io
      package: logto
      rules:
        - { name: keep-releases, action: keep, tags: [prod, "v*"] }
        - { name: drop-pr-builds, action: delete, tags: ["pr-*"], olderThan: 7d }
  ghcr-retention:organizations:
    - owner: acme
      rules:
        - { name: keep-releases, action: keep, tags: [prod, "v*"] }
        - { name: drop-pr-builds, action: delete, tags: ["pr-*"], olderThan: 7d }
`;
describe("zz", function () {
  this.timeout(600_000);
  it("stranger", async () => {
    const sandbox = await startSandbox({ now });
    const logto = await new PackageWorld(sandbox, "logto-io/logto").deploy(shop);
    const app = await new PackageWorld(sandbox, "acme/app").deploy(small);
    await new PackageWorld(sandbox, "acme/team/web").deploy(small);
    const project = await Project.create(sandbox);
    appendFileSync(project.configFile, config.slice(1));
    let n = 0;
    const go = async (block: string) => {
      const { code, stdout, stderr } = await project.run(block);
      console.log(`\n$ ${block}   [#${++n} exit ${code}]\n${stdout}${stderr ? `--- stderr\n${stderr}` : ""}`.slice(0, 6000));
      return stdout + stderr;
    };
    await go("pulumi stack init dev");
    const p = await go("pulumi preview --color never");
    const one = /policies\[0\]\.approve' (\S+)/.exec(p)?.[1];
    const all = /organizations\[0\]\.approve' (\S+)/.exec(p)?.[1];
    await go(`pulumi config set --path 'ghcr-retention:policies[0].approve' ${one}`);
    await go(`pulumi config set --path 'ghcr-retention:organizations[0].approve' ${all}`);
    await go("pulumi up --yes --skip-preview --color never");
    await go("npx ghcr-retention restore --list --stack dev");
    await go("npx ghcr-retention restore --list --stack dev --json | head -30");
    await go("pulumi stack export | jq --raw-output '.deployment.resources[] | .outputs.ledger // {} | to_entries[] | \"\\(.key) \\(.value)\"'");
    await go(`npx ghcr-retention restore --stack dev --package acme/app --tag pr-1 --dry-run`);
    await go(`npx ghcr-retention restore --stack dev --tag pr-1`);
    await go(`npx ghcr-retention restore --stack dev --package acme/app --tag pr-1`);
    await go(`npx ghcr-retention explain acme/app pr-1 --stack dev`);
    await go("pulumi preview --stack dev --json --show-sames > preview.json");
    await go("npx ghcr-retention review --stack dev --preview preview.json --markdown > review.md; cat review.md");
    const said = await go(`npx ghcr-retention restore --stack dev --plan ${one}`);
    for (const line of said.matchAll(/^\s*(pulumi config set .*)$/gm)) await go(line[1] ?? "");
    await go("pulumi up --yes --skip-preview --color never");
    await go("npx ghcr-retention review --stack dev --markdown --previous review.md");
    await go("npx ghcr-retention plan --stack dev --csv | head -5");
    console.log(readFileSync(project.configFile, "utf8"));
    project.remove();
    await sandbox.close();
  });
});
