// Answers ahead of the script: the figure at other values of its sliders, fetched while they move.

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
