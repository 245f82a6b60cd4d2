// Answers ahead of the script: the figure at other values of its sliders, fetched while they move,
// and at other texts of its fields, while one types.

/** The messages at an address with values of sliders: the figure, its films, and new surfaces. */
async function ask(address, values, ground) {
  const query = new URLSearchParams([...values, ["ground", ground]]);
  const response = await fetch(`${address}?${query}`).catch(() => null);
  if (response?.status !== 200) return null;
  const body = new Uint8Array(await response.arrayBuffer());
  const sizes = new DataView(body.buffer);
  const parts = [];
  for (let start = 0; start < body.length; ) {
    const size = sizes.getUint32(start, true);
    parts.push(body.slice(start + 4, start + 4 + size));
    start += 4 + size;
  }
  return parts;
}

/** A message of films or of surfaces, with the version in which it ends; undefined if it is empty. */
function versioned(bytes) {
  if (!bytes?.length) return undefined;
  return { ...decode(bytes), version: new TextDecoder().decode(bytes.slice(-16)) };
}

/** Where the slider of a key stands; at its usual place if it is not there, or as good as there.
 * Where the usual is a text, what is typed in the field of that key. */
function standing(key, usual) {
  const name = key.trim().replace(/[^\w-]/g, "-"); // as Streamlit makes a class of a key
  if (typeof usual === "string") {
    return document.querySelector(`.st-key-${name} input[type=text]`)?.value ?? usual;
  }
  const slider = document.querySelector(`.st-key-${name} input[type=range]`);
  const value = slider?.valueAsNumber ?? usual;
  return Math.abs(value - (usual ?? NaN)) < 1e-9 * Math.abs(value) ? usual : value;
}
