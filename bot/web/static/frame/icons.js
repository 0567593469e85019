/** The frame's few icons, drawn by the strokes of .icon. */

const PATHS = {
  close: "M6 6l12 12M18 6L6 18",
  down: "M12 5v14M6 13l6 6 6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  mic: "M9 6a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0zM5 11a7 7 0 0 0 14 0M12 18v3",
  play: "M8 5l11 7-11 7z",
  clip: "M20 12l-8 8a5 5 0 0 1-7-7l9-9a3 3 0 0 1 5 5l-9 8a1 1 0 0 1-2-2l8-8",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
};
const SVG = "http://www.w3.org/2000/svg";

/** One of them, or another that is drawn so. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const props = { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(props)) svg.setAttribute(key, value);
  path.setAttribute("d", PATHS[name] ?? name);
  svg.append(path);
  return svg;
}
