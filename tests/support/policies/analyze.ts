import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";
import { AnalyzeRequest, type AnalyzeResponse, AnalyzerResourceOptions, EnforcementLevel } from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** What the engine sends in place of a value that is not known yet. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const unknownList = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
export const unknownObject = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";

export interface Verdict {
  readonly policy: string;
  readonly level: "mandatory" | "advisory" | "other";
  readonly message: string;
}

export interface Analysis {
  readonly verdicts: readonly Verdict[];
  /** Policies that do not judge this resource. */
  readonly notApplicable: readonly string[];
  /** Why they do not. */
  readonly reasons: readonly string[];
}

type Analyze = (call: { request: AnalyzeRequest }, callback: (error: unknown, response: AnalyzeResponse) => void) => void;
type MakeAnalyze = (pack: string, version: string, level: string, policies: Policies) => Analyze;

// The SDK's own handler, so that the properties arrive as in a run: without `undefined`, and throwing where they are not known yet.
const { makeAnalyzeRpcFun } = createRequire(__filename)("@pulumi/policy/server") as { makeAnalyzeRpcFun: MakeAnalyze };

/** Has the policies judge a resource, as the engine does. */
export function analyze(policies: Policies, type: string, properties: object): Promise<Analysis> {
  const request = new AnalyzeRequest().setType(type).setUrn(`urn:pulumi:test::test::${type}::logto-io/logto`).setName("logto-io/logto");
  request.setOptions(new AnalyzerResourceOptions());
  request.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(properties))));
  const call = makeAnalyzeRpcFun("pack", "1.0.0", "advisory", policies);
  return new Promise((resolve, reject) => {
    call({ request }, (error, response) => (error ? reject(error) : resolve(analysisOf(response))));
  });
}

function analysisOf(response: AnalyzeResponse): Analysis {
  const verdicts = response.getDiagnosticsList().map((diagnostic): Verdict => {
    const level = diagnostic.getEnforcementlevel();
    return {
      policy: diagnostic.getPolicyname(),
      level: level === EnforcementLevel.MANDATORY ? "mandatory" : level === EnforcementLevel.ADVISORY ? "advisory" : "other",
      message: diagnostic.getMessage(),
    };
  });
  const notApplicable = response.getNotApplicableList();
  return { verdicts, notApplicable: notApplicable.map((one) => one.getPolicyName()), reasons: notApplicable.map((one) => one.getReason()) };
}
