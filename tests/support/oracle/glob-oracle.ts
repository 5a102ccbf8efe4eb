/** `*`, `?`, `[abc]`, `[a-c]`, `[^a]` and plain characters, by trying every way to split the tag. */
export function globMatches(glob: string, tag: string): boolean {
  if (glob === "") return tag === "";
  const rest = glob.slice(1);
  if (glob.startsWith("*")) return globMatches(rest, tag) || (tag !== "" && globMatches(glob, tag.slice(1)));
  if (tag === "") return false;
  if (glob.startsWith("?")) return globMatches(rest, tag.slice(1));
  if (glob.startsWith("[")) {
    const end = glob.indexOf("]");
    return inClass(glob.slice(1, end), tag.charAt(0)) && globMatches(glob.slice(end + 1), tag.slice(1));
  }
  return glob.charAt(0) === tag.charAt(0) && globMatches(rest, tag.slice(1));
}

function inClass(text: string, character: string): boolean {
  if (text.startsWith("^")) return !inClass(text.slice(1), character);
  if (text === "") return false;
  if (text.charAt(1) === "-" && text.length > 2) {
    return (text.charAt(0) <= character && character <= text.charAt(2)) || inClass(text.slice(3), character);
  }
  return text.charAt(0) === character || inClass(text.slice(1), character);
}
