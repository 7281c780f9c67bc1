// The line around a trigger, as core/show/outline.py describes it.

const SVG = "http://www.w3.org/2000/svg";

// Lays an element over the place that the line takes of an image.
export const place = (element, { left, top, width, height }) =>
  Object.assign(element.style, { left, top, width, height });

export const makeOutline = ({ box, path }) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", path);
  return svg;
};
