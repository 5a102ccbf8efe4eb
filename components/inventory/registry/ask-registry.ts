import { RetentionError } from "../../model/errors";
import { printable } from "../../model/printable";
import type { HttpResponse } from "../http/response";
import { LimitLasts } from "../http/retry-policy";
import { FailedResponse, type RegistryConnection, type RegistryRequest } from "./client";

export interface LabelledRequest extends RegistryRequest {
  /** Names in errors what is asked for. */
  readonly label: string;
}

/** Sends a request to the registry. Throws a {@link RetentionError} where no answer comes, or only ones that say 'later'. */
export async function askRegistry({ client }: RegistryConnection, { label, ...asked }: LabelledRequest): Promise<HttpResponse> {
  try {
    return await client.ask(asked);
  } catch (caught) {
    const error = caught instanceof LimitLasts ? caught.cause : caught;
    if (error instanceof FailedResponse) {
      const often = asked.method === "PUT" ? "" : " again and again";
      throw new RetentionError(`${label}: the registry answered ${error.status}${often}; run again later.`);
    }
    throw new RetentionError(
      `${label}: the registry could not be reached (${reasonOf(error)}); check \`ghcr-retention:registryUrl\` and the network.`,
    );
  }
}

/** The system's own reason, such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown reason";
  const { code } = error as NodeJS.ErrnoException;
  return printable(error.message || code || "unknown reason");
}
