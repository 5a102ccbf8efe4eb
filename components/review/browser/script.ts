/**
 * Draws the data that a review's page holds. These files are scripts and no modules, which share their names: the page holds them
 * all, in the order of page.ts, and nothing is loaded.
 */

type PageData = import("./data").PageData;

function drawPage({ stack, packages, organizations, notes, errors }: PageData): void {
  const drawn = packages.map(drawPackage);
  const main = make("main", {});
  for (const text of errors) main.append(alertBox(text, true));
  for (const text of notes) main.append(alertBox(text, false));
  main.append(drawSummary(drawn));
  for (const { name, headline, approveWith } of organizations) {
    main.append(make("p", {}, `${name}: ${headline}`));
    if (approveWith) main.append(command(approveWith));
  }
  if (drawn.length > 1) main.append(drawContents(drawn));
  main.append(drawSearch(drawn), ...drawn.map(({ section }) => section));
  document.body.prepend(make("header", {}, make("h1", {}, `Retention of ${stack}`)), main);
}

drawPage(JSON.parse(document.getElementById("data")?.textContent ?? ""));
