import { NotUnderstood } from "./reader";

/** What a layer may unpack to, as its headers say. */
const maxUnpackedBytes = 512 * 1024 * 1024;
const maxFileBytes = 1024 * 1024;

/**
 * Returns the first file of this name in a tar archive, gzipped or not; `undefined` if there is none. Reads the archive to its
 * end, which verifies it. Throws {@link NotUnderstood} for an archive that cannot be read or is too large.
 */
export async function fileInTar(archive: AsyncIterable<Uint8Array>, name: string): Promise<string | undefined> {
  // Few packages hold archives that are read.
  const { Parser } = await import("tar");
  const found: Buffer[] = [];
  let isFound = false;
  let unpacked = 0;
  let flaw: string | undefined;
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      unpacked += entry.size;
      if (unpacked > maxUnpackedBytes) flaw ??= `its layer unpacks to more than ${inMiB(maxUnpackedBytes)}`;
      const isWanted = !isFound && entry.type === "File" && nameIn(entry.path) === name;
      if (isWanted && entry.size > maxFileBytes) flaw ??= `${name} in its layer has more than ${inMiB(maxFileBytes)}`;
      if (isWanted && flaw === undefined) {
        isFound = true;
        entry.on("data", (part: Buffer) => found.push(part));
      } else entry.resume();
    },
  });
  const ended = new Promise<void>((resolve) => {
    parser.on("end", resolve);
    parser.on("error", (error: Error) => {
      flaw ??= `its layer is no tar archive that can be read (${error.message})`;
      resolve();
    });
  });
  for await (const part of archive) {
    if (flaw !== undefined) throw new NotUnderstood(flaw);
    parser.write(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  }
  parser.end();
  await ended;
  if (flaw !== undefined) throw new NotUnderstood(flaw);
  return isFound ? Buffer.concat(found).toString("utf8") : undefined;
}

/** Some writers begin each name with `./`. */
function nameIn(path: string): string {
  return path.replace(/^\.\//, "");
}

function inMiB(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}
