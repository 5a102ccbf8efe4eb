export * from "ghcr-retention/stack";
