import { Command } from "commander";
import { configSchema } from "../config/config-schema";

/** `ghcr-retention schema`: the JSON Schema of a stack's config file, for editors. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description("Prints the JSON Schema of a stack's config file, for editors.")
    .action(() => void process.stdout.write(`${JSON.stringify(configSchema(), null, 2)}\n`));
}
