// Moving a trace in the SVG that Plotly drew: about 1 ms, where Plotly.animate takes over 20.

const FAR = 1e5; // px: farther out a line is invisible, and SVG arithmetic unreliable
const NOWHERE = "M0,0"; // a path that draws nothing

/** Data to pixels along one axis; NaN where there is nothing to draw. */
function pixels(axis, values) {
  return Array.from(values, (value) => {
    const place = Number.isFinite(value) ? axis.c2p(value) : NaN;
    return Number.isFinite(place) ? Math.min(Math.max(place, -FAR), FAR) : NaN;
  });
}

/** The subpaths of a line, broken where a point is missing. */
function subpaths(x, y) {
  const paths = [];
  let going = false;
  x.forEach((_, i) => {
    const there = x[i] === x[i] && y[i] === y[i]; // NaN differs from itself
    if (there && !going) paths.push(`M${x[i]},${y[i]}`);
    if (there && going) paths[paths.length - 1] += `L${x[i]},${y[i]}`;
    going = there;
  });
  return paths;
}

/** Puts scatter trace number `i` where the arrays say; false if that needs Plotly itself. */
function place(plot, i, { x, y, text }) {
  const { visible, type, uid, mode, fill, line, marker, connectgaps, ...full } = plot._fullData[i];
  if (visible !== true) return true;
  const layer = plot.querySelector(`.scatterlayer .trace${uid}`);
  if (!layer || type !== "scatter" || connectgaps) return false;
  const [xaxis, yaxis] = [full.xaxis, full.yaxis].map((id) => {
    return plot._fullLayout[id.replace(/^[xy]/, "$&axis")];
  });
  const px = pixels(xaxis, x);
  const py = pixels(yaxis, y);
  const stretches = subpaths(px, py);
  const all = (selector) => layer.querySelectorAll(selector);
  return (
    placeFill(all("path.js-fill")[0], fill, stretches, () => yaxis.c2p(0)) &&
    (!mode.includes("lines") || placeLines(all("path.js-line"), line, stretches)) &&
    (!mode.includes("markers") || placePoints(all("path.point"), marker, px, py, xaxis._length, yaxis._length)) &&
    (!mode.includes("text") || placeTexts(all(".textpoint text"), px, py, text))
  );
}

/** The area inside the line, or between it and zero. */
function placeFill(path, fill = "none", stretches, zero) {
  if (!path || fill === "none") return fill === "none";
  if (fill === "toself") path.setAttribute("d", stretches.map((d) => d + "Z").join("") || NOWHERE);
  if (fill === "tozeroy" && stretches.length) {
    const points = stretches.join("").slice(1).replaceAll("M", "L"); // Plotly bridges the gaps
    const [first, last] = [points, points.slice(points.lastIndexOf("L") + 1)].map(parseFloat);
    path.setAttribute("d", `M${points}L${last},${zero()}L${first},${zero()}Z`);
  }
  return ["toself", "tozeroy"].includes(fill);
}

/** Plotly keeps one path for each stretch of a line; what is beyond their number joins the last. */
function placeLines(lines, { shape }, stretches) {
  const last = lines.length - 1;
  lines.forEach((line, k) => {
    line.setAttribute("d", (k < last ? stretches[k] : stretches.slice(k).join("")) || NOWHERE);
  });
  return shape === "linear" && (last >= 0 || !stretches.length);
}

/**
 * Plotly keeps one mark for each point that exists, hidden where it lies outside of the axes; more
 * are copied, too many are put far away.
 */
function placePoints(marks, { color, size, symbol }, x, y, width, height) {
  const there = [...x.keys()].filter((k) => x[k] === x[k] && y[k] === y[k]);
  if ([color, size, symbol].some((each) => typeof each === "object")) {
    if (there.length < x.length || marks.length !== x.length) return false; // which mark is whose?
  }
  if (!marks.length) return !there.length;
  for (let k = 0; k < Math.max(there.length, marks.length); k++) {
    const mark = marks[k] ?? marks[0].parentNode.appendChild(marks[0].cloneNode());
    const [left, top] = k in there ? [x[there[k]], y[there[k]]] : [-FAR, -FAR];
    mark.setAttribute("transform", `translate(${left},${top})`);
    const inside = left >= -1 && left <= width + 1 && top >= -1 && top <= height + 1; // a pixel's room
    if (inside) mark.removeAttribute("display");
    else mark.setAttribute("display", "none");
  }
  return true;
}

/** Texts stay the same in number; `text` is one for all or one for each. */
function placeTexts(nodes, x, y, text) {
  nodes.forEach((node, k) => {
    node.setAttribute("x", x[k]);
    node.setAttribute("y", y[k]);
    const words = typeof text === "string" ? text : text[k];
    if (node.textContent !== words) node.textContent = words;
  });
  return nodes.length === x.length && !/[<&]/.test(text);
}
