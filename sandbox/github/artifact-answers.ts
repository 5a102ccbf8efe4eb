import { json, type Reply } from "../http/reply";
import { timestamp } from "../store/clock";
import { type DeploymentRecord, DeploymentReport } from "../store/deployment-records";
import type { Owner } from "../store/owners";
import type { Token } from "../store/tokens";
import { refusals } from "./refusals";
import type { Scene } from "./scene";

/** https://docs.github.com/en/rest/orgs/artifact-metadata. The owner is undefined where a user was asked for. */
export function routeArtifacts(scene: Scene, owner: Owner | undefined, rest: readonly string[]): Reply {
  const { exchange, token } = scene;
  if (owner === undefined) return refusals.notFound();
  if (token.kind === "classic" && owner.tokenPolicy === "single-sign-on") return refusals.singleSignOn(owner);
  if (token.kind === "classic" && owner.tokenPolicy === "no-classic") return refusals.noClassicTokens(owner);
  const [first = "", second = "", third = "", ...more] = rest;
  if (more.length > 0) return refusals.notFound();
  const isReport = first === "metadata" && second === "deployment-record" && third === "" && exchange.method === "POST";
  if (isReport) return may(token, "write") ? report(scene, owner) : refusals.notForArtifacts(token.kind);
  const isList = second === "metadata" && third === "deployment-records" && exchange.method === "GET";
  if (!isList) return refusals.notFound();
  return may(token, "read") ? listRecords(scene, owner, first) : refusals.notForArtifacts(token.kind);
}

function may({ artifactMetadata }: Token, permission: "read" | "write"): boolean {
  return artifactMetadata === "write" || artifactMetadata === permission;
}

function report({ store, exchange }: Scene, owner: Owner): Reply {
  const parsed = DeploymentReport.safeParse(jsonOf(exchange.body));
  if (!parsed.success) return refusals.invalid("Invalid request.");
  const record = store.deployments.report(owner.login, parsed.data, store.clock.now());
  store.journal.settingsChanged();
  return json(200, { total_count: 1, deployment_records: [present(record)] });
}

function listRecords({ store }: Scene, owner: Owner, digest: string): Reply {
  const { decommissionedRecords, unrecordedArtifact } = store.switches;
  const all = store.deployments.of(owner.login, digest);
  if (all.length === 0 && unrecordedArtifact === "not-found") return refusals.notFound();
  const listed = all.filter(({ status }) => status === "deployed" || decommissionedRecords === "listed");
  const records = listed.map((record) => ({
    ...present(record),
    ...(decommissionedRecords === "listed" ? { status: record.status } : {}),
  }));
  return json(200, { total_count: records.length, deployment_records: records });
}

/** The `artifact-deployment-record` of GitHub's OpenAPI description, which has no status. */
function present({ owner: _owner, name: _name, status: _status, createdAt, updatedAt, ...record }: DeploymentRecord): object {
  return { ...record, created_at: timestamp(createdAt), updated_at: timestamp(updatedAt), attestation_id: null };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
