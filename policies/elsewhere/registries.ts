import type { ResourceValidationArgs } from "@pulumi/policy";
import { dangerOfTask } from "./acr-purge";

/** A resource that declares the retention of another registry. */
export interface Registry {
  readonly types: RegExp;
  /** How the registry treats manifests that an index lists. */
  readonly reason: string;
  readonly url: string;
  /** Finds the danger in a resource; absent when the registry itself keeps such manifests. */
  readonly findDanger?: (args: ResourceValidationArgs) => string | undefined;
}

/** Each entry is based on the vendor's documentation, issues or code. */
export const registries: readonly Registry[] = [
  {
    types: /^(?:gcp:artifactregistry\/repository:Repository|google-native:artifactregistry\/v\d\w*:Repository)$/,
    reason: "Artifact Registry refuses to delete a manifest that an index lists (GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE)",
    url: "https://github.com/GoogleCloudPlatform/gcr-cleaner/issues/118",
  },
  {
    types:
      /^(?:aws:ecr\/lifecyclePolicy:LifecyclePolicy|aws:ecr\/repositoryCreationTemplate:RepositoryCreationTemplate|aws-native:ecr:Repository\w*)$/,
    reason: "Amazon ECR expires no image that a manifest list references, as long as the list is there",
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
  },
  {
    types: /^(?:aws:ecrpublic\/repository:Repository|aws-native:ecr:PublicRepository)$/,
    reason: "Amazon ECR Public has no lifecycle policies",
    url: "https://github.com/aws/containers-roadmap/issues/1268",
  },
  {
    types: /^(?:azure:containerservice\/registry:Registry|azure-native:containerregistry(?:\/v\w+)?:Registry)$/,
    reason: "Azure's retention queues a manifest when it loses its tag; the platforms that buildx pushes never have one",
    url: "https://learn.microsoft.com/azure/container-registry/container-registry-retention-policy",
  },
  {
    types: /^(?:azure:containerservice\/registryTask:RegistryTask|azure-native:containerregistry(?:\/v\w+)?:Task(?:Run)?)$/,
    reason: "Old versions of `acr purge --untagged` delete the platforms of tagged images",
    url: "https://github.com/Azure/acr-cli/issues/131",
    findDanger: dangerOfTask,
  },
  {
    types: /^harbor:index\/(?:retentionPolicy:RetentionPolicy|garbageCollection:GarbageCollection)$/,
    reason: "Harbor refuses to delete an artifact that another one references, for tag retention and for garbage collection alike",
    url: "https://github.com/goharbor/harbor/issues/11273",
  },
  {
    types: /^gitlab:index\/project:Project$/,
    reason: "GitLab's cleanup policy removes tags; untagged manifests go only when no other manifest references them",
    url: "https://docs.gitlab.com/user/packages/container_registry/delete_container_registry_images/",
  },
];
