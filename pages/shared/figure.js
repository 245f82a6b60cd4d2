
const read = new WeakMap(); // bytes → message; a change of theme brings the same bytes again
const stages = new WeakMap(); // element → its stage
const reels = new Map(); // key of a figure → its films, which come in a message of their own
const sceneries = new Map(); // key of a figure → the arrays of its surfaces, likewise
const draws = new Map(); // key of a figure → what draws its last message

/** Called by Streamlit with every message and every change of theme. */
export default function ({ data, parentElement, setTriggerValue }) {
  if (!read.has(data)) read.set(data, decode(data));
  const message = read.get(data);
  const { key } = message;
  const apart = message.films ? reels : message.scenery ? sceneries : undefined;
  if (apart) {
    const version = new TextDecoder().decode(data.slice(-16));
    if (version === apart.get(key)?.version) return;
    apart.set(key, { ...message, version });
    draws.get(key)?.();
    return;
  }
  const Kind = message.start === null ? Stage : Player;
  if (!stages.has(parentElement)) stages.set(parentElement, new Kind(parentElement));
  draws.set(key, () => {
    const reel = message.reel ? reels.get(key) : { films: {}, version: null };
    if (reel?.version !== message.reel) return; // its films are on their way, and will draw it
    const ground = message.scenery_version ? sceneries.get(key) : { scenery: {}, version: "" };
    if (ground?.version !== (message.scenery_version ?? "")) return; // and so are its surfaces
    message.surfaces = ground.scenery;
    stages.get(parentElement).receive(message, reel, (point) => setTriggerValue("click", point));
  });
  draws.get(key)();
}
