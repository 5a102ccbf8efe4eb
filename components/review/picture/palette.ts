/** The colours of the page and its pictures. */
export interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly card: string;
  readonly link: string;
  readonly hit: string;
  readonly goes: string;
  readonly goesPaper: string;
  readonly waits: string;
  readonly waitsPaper: string;
  readonly holds: string;
  readonly holdsPaper: string;
  readonly stays: string;
  readonly staysPaper: string;
}

export const light: Palette = {
  paper: "#ffffff",
  ink: "#1a1f26",
  soft: "#525c69",
  line: "#cdd4dc",
  card: "#f5f7f9",
  link: "#0b57b0",
  hit: "#fff1a8",
  goes: "#a3221a",
  goesPaper: "#fdecea",
  waits: "#0b57b0",
  waitsPaper: "#e8f0fc",
  holds: "#79500a",
  holdsPaper: "#fdf3dc",
  stays: "#1f6a35",
  staysPaper: "#e7f5eb",
};

export const dark: Palette = {
  paper: "#12161b",
  ink: "#e6eaef",
  soft: "#a9b4c0",
  line: "#3a444f",
  card: "#1b2129",
  link: "#86b9ff",
  hit: "#57490a",
  goes: "#ffa198",
  goesPaper: "#3d1714",
  waits: "#86b9ff",
  waitsPaper: "#14273f",
  holds: "#f2c661",
  holdsPaper: "#382a0b",
  stays: "#86d89c",
  staysPaper: "#12301c",
};

/** Writes the colours as custom properties, which follow the scheme that a person prefers. */
export const paletteStyle = `:root { ${propertiesOf(light)} }
@media (prefers-color-scheme: dark) { :root { ${propertiesOf(dark)} } }
`;

function propertiesOf(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, color]) => `--${name.replace("Paper", "-paper")}: ${color};`)
    .join(" ");
}
