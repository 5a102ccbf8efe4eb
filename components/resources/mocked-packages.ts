import { z } from "zod";
import type { ListedPackage } from "../inventory/github/list-packages";
import * as pulumi from "../sdk/pulumi";

/** Any other answer, such as the inputs that many mocks return, lists no package. */
const MockedList = z
  .object({
    packages: z.array(z.object({ name: z.string(), visibility: z.string().default("private"), repository: z.string().optional() })),
  })
  .catch({ packages: [] });

/** Lists an owner's packages in a unit test, as its mock `call` does. */
export async function mockedPackages(owner: string): Promise<ListedPackage[]> {
  const { packages } = MockedList.parse(await pulumi.runtime.invoke("ghcr-retention:index:listPackages", { owner }));
  return packages.map(({ repository, ...listed }) => ({ ...listed, ...(repository === undefined ? {} : { repository }) }));
}
