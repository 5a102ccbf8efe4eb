/** What `pulumi.runtime` holds, without the serializer: see pulumi.ts. */
export * from "@pulumi/pulumi/runtime/config";
export * from "@pulumi/pulumi/runtime/invoke";
export { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
export * from "@pulumi/pulumi/runtime/settings";
