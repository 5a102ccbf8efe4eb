/**
 * The parts of Pulumi's SDK that the library uses. `@pulumi/pulumi` itself loads the SDK's serializer of functions as well, and with it
 * TypeScript's compiler and npm's reader of dependency trees: most of the time that it takes to load. The SDK's own runner of programs
 * loads these modules only, so a program without another resource never loads the rest.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/index.ts
 */
export * from "@pulumi/pulumi/config";
export * from "@pulumi/pulumi/errors";
export * as log from "@pulumi/pulumi/log";
export * from "@pulumi/pulumi/output";
export * from "@pulumi/pulumi/resource";
export type { StackReference } from "@pulumi/pulumi/stackReference";
export * as runtime from "./runtime";
