import { z } from "zod";

/** The body of `POST /orgs/{org}/artifacts/metadata/deployment-record`, as GitHub's OpenAPI description has it. */
export const DeploymentReport = z.object({
  name: z.string().min(1).max(256),
  digest: z.string().regex(/^sha256:[a-f0-9]{64}$/),
  status: z.enum(["deployed", "decommissioned"]),
  logical_environment: z.string().min(1).max(128),
  physical_environment: z.string().max(128).default(""),
  cluster: z.string().max(128).default(""),
  deployment_name: z.string().max(256),
  tags: z.record(z.string(), z.string()).default({}),
  runtime_risks: z.array(z.enum(["critical-resource", "internet-exposed", "lateral-movement", "sensitive-data"])).default([]),
});
export type DeploymentReport = z.input<typeof DeploymentReport>;

/** Where a digest runs. The environments, the cluster and the name identify it: a later report of the same ones replaces it. */
export const DeploymentRecord = DeploymentReport.extend({
  /** In lower case. */
  owner: z.string(),
  id: z.int(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type DeploymentRecord = z.output<typeof DeploymentRecord>;

export class DeploymentRecords {
  readonly #records = new Map<string, DeploymentRecord>();

  all(): DeploymentRecord[] {
    return [...this.#records.values()];
  }

  of(owner: string, digest: string): DeploymentRecord[] {
    return this.all().filter((record) => record.owner === owner.toLowerCase() && record.digest === digest);
  }

  report(owner: string, report: DeploymentReport, now: number): DeploymentRecord {
    const reported = { ...DeploymentReport.parse(report), owner: owner.toLowerCase(), updatedAt: now };
    const { id = this.#records.size + 1, createdAt = now } = this.#records.get(keyOf(reported)) ?? {};
    const record = { ...reported, id, createdAt };
    this.add(record);
    return record;
  }

  add(record: DeploymentRecord): void {
    this.#records.set(keyOf(record), record);
  }
}

type Place = Pick<DeploymentRecord, "owner" | "logical_environment" | "physical_environment" | "cluster" | "deployment_name">;

function keyOf({ owner, logical_environment, physical_environment, cluster, deployment_name }: Place): string {
  return JSON.stringify([owner, logical_environment, physical_environment, cluster, deployment_name]);
}
