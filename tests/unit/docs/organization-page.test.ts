import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { z } from "zod";
import { policyOfPackage } from "../../../components/config/override";
import { readStackOrganizations } from "../../../components/config/stack-organizations";

const root = join(__dirname, "..", "..", "..");
const guide = readFileSync(join(root, "docs", "organization.md"), "utf8");

function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, text = ""]) => text);
}

const Config = z.object({
  config: z.object({ "ghcr-retention:organizations": z.unknown(), "ghcr-retention:ruleSets": z.unknown().optional() }),
});

describe("the examples of docs/organization.md", () => {
  it("are config that is taken, and mean what the guide says", () => {
    const [example = "", asking = "", ...others] = blocks("yaml");
    assert.deepEqual(others, []);
    const { config } = Config.parse(parse(example));
    const [configured] = readStackOrganizations({
      organizations: config["ghcr-retention:organizations"],
      ruleSets: config["ghcr-retention:ruleSets"],
    });
    assert.ok(configured);
    const { shared, overrides } = configured.whole;
    assert.equal(policyOfPackage(shared, overrides, "payments").grace, "30d");
    assert.equal(policyOfPackage(shared, overrides, "app").grace, "7d");
    assert.deepEqual(policyOfPackage(shared, overrides, "team/web").protect, ["stable"]);
    const [careful] = readStackOrganizations({ organizations: Config.parse(parse(asking)).config["ghcr-retention:organizations"] });
    assert.deepEqual(careful?.whole.shared.inUse, { github: "required" });
  });

  it("are programs that compile", function () {
    this.timeout(120_000);
    const programs = blocks("ts");
    assert.equal(programs.length, 2);
    const declared =
      "declare const deployment: import('@pulumi/pulumi').Resource;\ndeclare const task: import('@pulumi/pulumi').Resource;\n";
    const sources = new Map(programs.map((text, place) => [join(root, `guide-${place}.ts`), `${text}\n${declared}`]));
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.fileExists = (file) => sources.has(file) || fileExists.call(host, file);
    host.readFile = (file) => sources.get(file) ?? readFile.call(host, file);
    host.getSourceFile = (file, language, ...rest) => {
      const text = sources.get(file);
      return text === undefined ? getSourceFile.call(host, file, language, ...rest) : ts.createSourceFile(file, text, language);
    };
    const program = ts.createProgram([...sources.keys()], { ...options, noEmit: true, rootDir: root }, host);
    const problems = [...sources.keys()].flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
    assert.deepEqual(
      problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
      [],
    );
  });
});
