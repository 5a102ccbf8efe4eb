/** The actions of the tests, and the inputs with which each of their steps works. */
export const official = "actions/delete-package-versions@v5";
export const officialInputs = { owner: "acme", "package-name": "app", "package-type": "container" };
export const dataaxiom = "dataaxiom/ghcr-cleanup-action@v1";
export const dataaxiomInputs = { owner: "acme", package: "app" };
export const snok3 = "snok/container-retention-policy@v3.0.1";
export const snok3Inputs = { account: "acme", token: "x", "image-names": "app", "cut-off": "2w" };
export const snok2 = "snok/container-retention-policy@v2";
export const snok2Inputs = { "account-type": "org", "org-name": "acme", "image-names": "app", "cut-off": "Two weeks ago UTC", token: "x" };
export const manager = "ghcr-manager/ghcr-cleanup-manager@v1.1.12";
export const managerInputs = { ...dataaxiomInputs, command: "cleanup", token: "x" };
