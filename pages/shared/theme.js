// Colors by role, type and layout defaults, read from the page's theme at the moment of drawing.

const brush = document.createElement("canvas").getContext("2d");

/** A CSS color at an opacity, as the rgba() that Plotly reads. */
function fade(color, opacity) {
  brush.fillStyle = color; // the canvas normalizes to #rrggbb or rgba()
  const text = brush.fillStyle;
  const hex = text[0] === "#" && text.match(/\w\w/g).map((digits) => parseInt(digits, 16));
  const [red, green, blue] = hex || text.match(/[\d.]+/g);
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}

/** A function from a role ("$0", "$ink", "$accent/0.2") to its color in the element's theme. */
function palette(element) {
  const style = getComputedStyle(element);
  const of = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const ink = of("text-color");
  const roles = {
    ...of("chart-categorical-colors").split(/,(?![^(]*\))/), // commas, but not those of rgb(…)
    ink,
    muted: fade(ink, 0.72),
    grid: fade(ink, 0.12),
    paper: of("background-color"),
    accent: of("primary-color"),
  };
  return (text) => {
    const [, role, opacity] = text.match(/^\$(\w+)(?:\/([\d.]+))?$/) ?? [];
    if (!(role in roles)) return text;
    return opacity ? fade(roles[role], opacity) : roles[role];
  };
}

const isPlain = (value) => value?.constructor === Object;

/** The value with every role under a key named ...color... replaced by its color. */
function resolve(value, color, key = "") {
  if (Array.isArray(value)) return value.map((item) => resolve(item, color, key));
  if (isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, color, k)]));
  }
  return typeof value === "string" && /color/i.test(key) ? color(value) : value;
}

/** One layout merged over another. */
function merge(under, over) {
  const merged = { ...under };
  for (const [key, value] of Object.entries(over)) {
    merged[key] = isPlain(value) && isPlain(under[key]) ? merge(under[key], value) : value;
  }
  return merged;
}

/** The defaults of every figure, in one place: what a figure's own layout says wins. */
function defaults(element, projector) {
  const family = getComputedStyle(element).getPropertyValue("--st-font");
  const font = { family, size: projector ? 19 : 13, color: "$ink" };
  const axis = {
    automargin: true,
    gridcolor: "$grid",
    linecolor: "$muted",
    nticks: projector ? 4 : 0, // 0: as many as there is room for
    tickfont: { ...font, size: font.size - 1, color: "$muted" },
    ticks: "",
    title: { standoff: 6, font },
    zeroline: true,
    zerolinecolor: "$ink/0.35",
  };
  const layout = {
    annotationdefaults: { font, showarrow: false },
    colorway: ["$0", "$1", "$2", "$3", "$4", "$5"],
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom", // a finger scrolls the page
    font,
    hoverlabel: { bgcolor: "$paper", bordercolor: "$muted", font },
    hovermode: "closest",
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", font },
    margin: { l: 8, r: 8, t: 12, b: 8 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    xaxis: axis,
    yaxis: axis,
  };
  const line = { simplify: false, width: projector ? 3.5 : 2 };
  return { uirevision: "kept", template: { layout, data: { scatter: [{ line }] } } };
}

/** A trace with thicker lines, for a projector; contours are many, and stay fine. */
function bolder(trace) {
  const width = trace.line?.width;
  return width && trace.type !== "contour" ? { ...trace, line: { ...trace.line, width: width + 1.5 } } : trace;
}
