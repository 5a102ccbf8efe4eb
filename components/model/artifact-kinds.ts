/**
 * What people call artifacts, by the `artifactType` of their manifest, or by the media type of their config where they have none.
 * A type that is not listed is shown as it is.
 */
const names: ReadonlyMap<string, string> = new Map([
  // https://helm.sh/docs/topics/registries/
  ["application/vnd.cncf.helm.config.v1+json", "Helm chart"],
  // https://spdx.github.io/spdx-spec/, https://cyclonedx.org/specification/overview/
  ["application/spdx+json", "SBOM (SPDX)"],
  ["text/spdx", "SBOM (SPDX)"],
  ["application/vnd.cyclonedx+json", "SBOM (CycloneDX)"],
  ["application/vnd.cyclonedx+xml", "SBOM (CycloneDX)"],
  ["application/vnd.cyclonedx", "SBOM (CycloneDX)"],
  // https://github.com/openvex/spec
  ["application/openvex+json", "VEX statement"],
  // https://github.com/notaryproject/specifications/blob/main/specs/signature-specification.md
  ["application/vnd.cncf.notary.signature", "signature (Notation)"],
  // https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
  ["application/vnd.dev.cosign.artifact.sig.v1+json", "signature (cosign)"],
  // https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
  ["application/vnd.dev.sigstore.bundle.v0.3+json", "Sigstore bundle"],
  // https://github.com/in-toto/attestation
  ["application/vnd.in-toto+json", "attestation (in-toto)"],
  // https://tag-runtime.cncf.io/wgs/wasm/deliverables/wasm-oci-artifact/
  ["application/vnd.wasm.config.v0+json", "Wasm module"],
  ["application/vnd.wasm.config.v1+json", "Wasm module"],
  // https://cuelang.org/docs/reference/modules/
  ["application/vnd.cue.module.v1+json", "CUE module"],
  // https://www.conftest.dev/sharing/
  ["application/vnd.cncf.openpolicyagent.config.v1+json", "OPA policy"],
  // https://fluxcd.io/flux/cheatsheets/oci-artifacts/
  ["application/vnd.cncf.flux.config.v1+json", "Flux artifact"],
  // https://github.com/moby/buildkit/blob/master/docs/attestations/
  ["application/vnd.buildkit.cacheconfig.v0", "build cache"],
  // https://containers.dev/implementors/features-distribution/
  ["application/vnd.devcontainers", "Dev Container Feature"],
  // https://docs.docker.com/compose/how-tos/oci-artifact/
  ["application/vnd.docker.compose.project", "Compose application"],
  // https://github.com/docker/model-spec
  ["application/vnd.docker.ai.model.config.v0.1+json", "model (Docker)"],
  // https://kitops.org/docs/modelkit/spec/
  ["application/vnd.kitops.modelkit.config.v1+json", "ModelKit"],
  // https://github.com/modelpack/model-spec
  ["application/vnd.cncf.model.manifest.v1+json", "model (ModelPack)"],
  // https://docs.zarf.dev/
  ["application/vnd.zarf.config.v1+json", "Zarf package"],
  // https://github.com/awslabs/soci-snapshotter/blob/main/docs/soci-index-manifest-v2.md
  ["application/vnd.amazon.soci.index.v1+json", "SOCI index"],
  ["application/vnd.amazon.soci.index.v2+json", "SOCI index"],
]);

/** Returns what people call artifacts of this type; `undefined` for a type without a name here. */
export function kindNameOf(artifactType: string | undefined): string | undefined {
  return artifactType === undefined ? undefined : names.get(artifactType);
}
