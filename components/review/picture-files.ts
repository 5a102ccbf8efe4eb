import { ConfigError } from "../model/errors";
import { printable, withoutControls } from "../model/printable";
import { pictureFile } from "./picture/draw";
import { timelineOfPackage } from "./picture-data";
import type { PackageReview, Review } from "./review";

/** A package's picture as a file. */
export interface PictureFile {
  /** Relative: `acme/app.svg`. */
  readonly path: string;
  readonly svg: string;
}

/** Draws the picture of each package of which images are known. Throws for a name that is no path of a package. Pure. */
export function pictureFiles({ packages }: Review): PictureFile[] {
  return packages.flatMap((one) => {
    const timeline = timelineOfPackage(one);
    return timeline === undefined ? [] : [{ path: `${pathOf(one.name)}.svg`, svg: pictureFile(timeline) }];
  });
}

/** A saved preview may name anything, and nothing is to be written elsewhere. */
function pathOf(name: string): string {
  if (name.split("/").every((segment) => /^\w[\w.-]*$/.test(segment))) return name;
  throw new ConfigError(`no picture is written of ${printable(name)}: expected the name of a package, such as acme/app`);
}

const slot = "{package}";
/** What a URL in Markdown may hold without being quoted. */
const template = /^(?:https:\/\/|\.{0,2}\/)[\w.~%:@&+,;=?{}/-]*$/;

/** Parses where pictures are published, such as `../blob/pictures/{package}.svg?raw=true`; returns the URL of a package's picture. */
export function pictureUrls(written: string): (one: PackageReview) => string | undefined {
  if (!template.test(written) || !written.includes(slot)) {
    throw new ConfigError(
      `--picture-url ${printable(written)}: expected a URL that begins with https://, / or ../, with ${slot} where a package's name stands: https://pictures.example/${slot}.svg`,
    );
  }
  return (one) => {
    if (timelineOfPackage(one) === undefined) return undefined;
    return written.replaceAll(slot, one.name.split("/").map(encoded).join("/"));
  };
}

/** Nothing may end the URL in Markdown. */
function encoded(segment: string): string {
  return encodeURIComponent(withoutControls(segment)).replaceAll(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
