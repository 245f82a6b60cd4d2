// What comes from the server: messages, and plotly.js itself.

/** The header of a message with its arrays in place, laid out as charts/figure.py, `pack`, says. */
function decode(message) {
  const { buffer } = message.slice(); // a copy begins at 0, so that the arrays are aligned
  const start = 4 + new DataView(buffer).getUint32(0, true);
  const view = (Kind, [offset, count], shape) => {
    const flat = new Kind(buffer, start + offset, count);
    if (!shape) return flat;
    const [rows, width] = shape;
    return Array.from({ length: rows }, (_, k) => flat.subarray(k * width, (k + 1) * width));
  };
  const header = new TextDecoder().decode(new Uint8Array(buffer, 4, start - 4));
  return JSON.parse(header, (_, value) => {
    if (value?.f4) return view(Float32Array, value.f4, value.shape);
    return value?.f8 ? view(Float64Array, value.f8, value.shape) : value;
  });
}

/** plotly.js, loaded once a page however many figures ask for it. */
function load(path) {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  const tag = document.querySelector("script[data-losscope]") ?? document.createElement("script");
  const loaded = new Promise((resolve, reject) => {
    tag.addEventListener("load", () => resolve(globalThis.Plotly));
    tag.addEventListener("error", () => reject(tag.remove()));
  });
  if (!tag.isConnected) document.head.append(Object.assign(tag, { src: path }));
  tag.dataset.losscope = "plotly";
  return loaded;
}
