import { headerOf } from "../../components/inventory/http/response";
import {
  buildArtifact,
  buildImage,
  buildIndex,
  type Content,
  descriptorOf,
  MediaType,
  PushRefused,
  pushBlob,
  pushContent,
} from "../../sandbox";
import { type Observation, saw } from "../rows/probe";
import { refusedWords, registryWords } from "../scratch/registry-calls";
import type { Scratch } from "../scratch/scratch";
import { assume, assumeSwitch, type LiveProbe, never } from "./assume";

/** What the registry takes, serves and refuses. */
export const registry: readonly LiveProbe[] = [
  assumeSwitch("uploadByOnePost", "a blob is pushed by one POST", async (scratch) => {
    const { digest, bytes: body } = buildImage("linux/amd64", { seed: `${scratch.package} one post` }).manifest;
    const answer = await scratch.registry.ask({ method: "POST", path: `blobs/uploads/?digest=${digest}`, body });
    return saw(answer.status === 202 ? false : answer.status === 201 || registryWords(answer), registryWords(answer));
  }),
  assumeSwitch("requireBlobs", "a manifest is refused whose layers were not pushed", (scratch) =>
    refused(scratch, "no-blobs", buildImage("linux/amd64", { seed: `${scratch.package} no blobs` }).manifest),
  ),
  assumeSwitch("requireChildren", "an index is refused whose children were not pushed", (scratch) => {
    const child = buildImage("linux/amd64", { seed: `${scratch.package} no children` }).manifest;
    return refused(scratch, "no-children", buildIndex([descriptorOf(child)]));
  }),
  assume("HEAD of a tag names its digest", true, async (scratch) => {
    const image = await scratch.push("head", "head");
    const answer = await scratch.registry.ask({ method: "HEAD", path: "manifests/head", headers: { accept: image.mediaType } });
    return saw(headerOf(answer.headers, "docker-content-digest") === image.digest, String(answer.status));
  }),
  assume("GET serves the bytes that were pushed", true, async (scratch) => {
    const image = await scratch.push("get", "get");
    const answer = await scratch.registry.ask({ method: "GET", path: "manifests/get", headers: { accept: image.mediaType } });
    return saw(answer.status === 200 && answer.body.equals(image.bytes), answer.status === 200 ? "" : registryWords(answer));
  }),
  assumeSwitch(
    "headCountsAsDownload",
    "HEAD of a manifest counts as a download",
    never("no API shows the downloads of a container's version"),
  ),
  assumeSwitch("acceptEnforced", "an OCI manifest is refused to a client that does not accept it", async (scratch) => {
    const { digest } = await scratch.push("accept", "accept");
    const headers = { accept: MediaType.dockerManifest };
    const answer = await scratch.registry.ask({ method: "GET", path: `manifests/${digest}`, headers });
    return saw(answer.status === 404 ? true : answer.status === 200 ? false : String(answer.status), registryWords(answer));
  }),
  assumeSwitch("referrers", "a request for referrers is answered by", async (scratch) => {
    const { digest } = await scratch.push("referrers", "referrers");
    const answer = await scratch.registry.ask({ method: "GET", path: `referrers/${digest}` });
    const isRedirect = answer.status >= 300 && answer.status < 400;
    return saw(isRedirect ? "redirect" : answer.status === 404 ? "not-found" : String(answer.status), registryWords(answer));
  }),
  assume("a push with a subject is answered with OCI-Subject", false, async (scratch) => {
    const subject = await scratch.push("subject", "subject");
    const artifact = buildArtifact({ seed: `${scratch.package} referrer`, artifactType: "application/vnd.acme.probe", subject });
    for (const { bytes } of artifact.blobs) await pushBlob(scratch.target, bytes);
    const { digest, mediaType, bytes: body } = artifact.manifest;
    const answer = await scratch.registry.ask({ method: "PUT", path: `manifests/${digest}`, headers: { "content-type": mediaType }, body });
    if (answer.status !== 201) return saw(`not pushed`, registryWords(answer));
    return saw(headerOf(answer.headers, "oci-subject") !== undefined);
  }),
  assume("DELETE of a manifest at the registry is answered with", "405", async (scratch) => {
    const { digest } = await scratch.push("registry-delete", "registry-delete");
    const answer = await scratch.registry.ask({ method: "DELETE", path: `manifests/${digest}` });
    return saw(String(answer.status), registryWords(answer));
  }),
  assumeSwitch("tokenByPost", "signing in by POST, as containerd does, is", async (scratch) => {
    const answer = await scratch.registry.signInByPost(scratch.package.owner);
    if (answer.status === 200) return saw("issue");
    return saw(answer.status === 405 ? "not-allowed" : String(answer.status), registryWords(answer));
  }),
];

/** Pushes a manifest under a tag, and reports whether the registry refuses it. */
async function refused(scratch: Scratch, tag: string, manifest: Content): Promise<Observation> {
  try {
    await pushContent(scratch.target, manifest, [tag]);
    return saw(false);
  } catch (error) {
    const isRefusal = error instanceof PushRefused && error.status < 500 && ![401, 403, 429].includes(error.status);
    if (!isRefusal) throw error;
    return saw(true, refusedWords(error));
  }
}
