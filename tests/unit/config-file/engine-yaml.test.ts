import assert from "node:assert/strict";
import { parseEngineYaml } from "../../../components/config-file/engine-yaml";
import { withSchemaLine } from "../../../components/config-file/schema-line";

/** What `pulumi config --json` of 3.250.0 says of each. */
const read: Readonly<Record<string, unknown>> = {
  "2025-03-01": "2025-03-01 00:00:00 +0000 UTC",
  "2025-03-01T10:00:00Z": "2025-03-01 10:00:00 +0000 UTC",
  "2001-1-1": "2001-01-01 00:00:00 +0000 UTC",
  ...{ "1_000": 1000, "0b101": 5, "-0b1": -1, "010": 8, "0o10": 8, "0x1F": 31, "0x_1": 1, "0_1": 1, "1__0": 10, "08": 8, "1_0.5": 10.5 },
  ...{ "1.10": 1.1, "1e3": 1000, "12e03": 12000, "+5": 5, ".5": 0.5, off: "off", yes: "yes", "1:30": "1:30", "~": null, prod: "prod" },
  ...{ "14d": "14d", "v1.2": "v1.2", "1.2.3": "1.2.3", '"010"': "010", "'2025-03-01'": "2025-03-01" },
};

describe("a config file", () => {
  for (const [written, value] of Object.entries(read)) {
    it(`is read as by the engine: ${written}`, () => assert.deepEqual(parseEngineYaml(`[${written}]`).value, [value]));
  }
});

describe("the line that names the schema", () => {
  it("comes first, once, with the file's own ends of lines", () => {
    assert.equal(withSchemaLine("config:\r\n", "./s.json"), "# yaml-language-server: $schema=./s.json\r\nconfig:\r\n");
    assert.equal(withSchemaLine("\uFEFFa: 1\n", "./s.json"), "\uFEFF# yaml-language-server: $schema=./s.json\na: 1\n");
  });
  it("leaves one that somebody chose", () => {
    const own = "# mine\n# yaml-language-server: $schema=other.json\nconfig:\n";
    assert.equal(withSchemaLine(own, "./s.json"), own);
  });
});
