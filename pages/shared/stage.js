// One Plotly drawing kept in place: drawn by messages, moved by films and sliders.

const NARROW = 600; // px: below it a figure's `narrow` layout is merged over its layout
const REST = 250; // ms without a move, after which Plotly learns what was moved, for hover and zoom

const isScatter = ({ type = "scatter" }) => type === "scatter";

/** One drawing in one element: redrawn in place by messages, themes and widths, moved by films. */
class Stage {
  constructor(parent) {
    parent.querySelector(":scope > .losscope")?.remove(); // left by an older version of this script
    this.root = Object.assign(document.createElement("div"), { className: "losscope" });
    this.plot = document.createElement("div");
    this.plot.setAttribute("role", "img");
    this.root.append(this.plot);
    parent.append(this.root);
    const box = parent.closest(".stElementContainer"); // its fixed height held the place until now
    if (box) Object.assign(box.style, { height: "auto", overflow: "visible" });
    this.free = []; // names of the axes whose range Plotly found in the figure as it was drawn
    this.chosen = {}; // film → the frame shown; -1 is the figure as it was drawn
    this.moved = new Set(); // numbers of the traces to put elsewhere at the next paint
    new ResizeObserver(() => requestAnimationFrame(() => this.fit())).observe(this.root);
    const sliders = new MutationObserver(() => {
      if (!this.root.isConnected) return sliders.disconnect();
      this.scout();
      this.follow();
    });
    sliders.observe(document.body, { subtree: true, attributeFilter: ["value"] });
  }

  /** Takes what a run of the script sent, or the same again when only the theme has changed. */
  async receive(figure, reel, clicked) {
    const start = performance.now();
    if (this.late(figure)) return;
    this.scouted = false;
    const same = figure !== this.received && this.take(figure, reel);
    this.received = figure;
    this.clicked = clicked;
    this.plot.setAttribute("aria-label", figure.alt);
    this.plot.style.height = `${this.layout().height}px`; // before plotly.js is there
    try {
      this.Plotly ??= await load(figure.plotly);
    } catch {
      this.plot.textContent = `${figure.alt} (Reload the page for the drawing: it did not load.)`;
      return;
    }
    this.choose();
    if (same && this.listening) this.paint(this.figure.data.keys());
    else this.draw();
    measured("losscope-answer", start);
  }

  /** Whether a figure is for sliders that have moved on, and what is shown is for where they are,
   * or what was asked for ahead will be. */
  late(figure) {
    if (!this.scouted || !figure.ahead) return false;
    if (this.astray().length && !this.scouting) return false;
    const values = Object.entries(figure.ahead.values);
    return values.some(([key, value]) => standing(key, value) !== value);
  }

  /** Takes a new figure; true if it differs from the last by no more than where its traces are. */
  take(figure, { films, captions, details }) {
    const { layout, narrow, height, projector, surfaces = {}, scenery_version } = figure;
    const data = figure.data.map((trace, i) => ({ ...trace, ...surfaces[i] }));
    for (const { trace, z, at } of Object.values(films).flatMap(({ moves }) => moves)) {
      if (z) data[trace] = shaded(data[trace], z[at.at(-1)]);
    }
    this.figure = { ...figure, data, films, captions, details };
    const placeless = { x: 0, y: 0, text: 0 };
    const rest = figure.data.map((trace) => (isScatter(trace) ? { ...trace, ...placeless } : trace));
    const words = (_, value) => (ArrayBuffer.isView(value) ? `${value}` : value);
    const form = JSON.stringify([layout, narrow, height, projector, scenery_version, rest], words);
    const same = !this.free.length && form === this.form;
    this.form = form;
    return same;
  }

  /** The layout for the present width. */
  layout() {
    const { layout, narrow, height } = this.figure;
    return { height, ...(this.root.clientWidth < NARROW ? merge(layout, narrow) : layout) };
  }

  /** Has Plotly draw the figure, ranges included, and puts the chosen frames in. */
  draw() {
    this.react(this.figure.data, this.layout());
    if (!this.listening) return;
    const axes = this.plot._fullLayout;
    this.free = Object.keys(axes).filter((name) => axes[name]?.autorange);
    const shown = Object.entries(this.figure.films).filter(([key]) => this.chosen[key] >= 0);
    if (shown.length) this.paint(shown.flatMap(([, { moves }]) => moves.map(({ trace }) => trace)));
  }

  /** Has Plotly draw the frames where they are; a frame moves no axis. */
  rest() {
    const held = this.free.map((name) => {
      return [name, { range: [...this.plot._fullLayout[name].range], autorange: false }];
    });
    this.react(this.traces(), merge(this.layout(), Object.fromEntries(held)));
  }

  /** Calls Plotly, with the colors of the present theme. */
  react(data, ownLayout) {
    const width = this.root.clientWidth;
    if (!this.Plotly || !width) return;
    clearTimeout(this.resting);
    this.width = width;
    const { projector } = this.figure;
    const color = palette(this.root);
    const asked = merge(defaults(this.root, projector), ownLayout);
    const layout = resolve({ ...asked, width, autosize: false }, color);
    const traces = data.map((trace) => (projector ? bolder(trace) : trace));
    this.plot.style.height = `${layout.height}px`;
    if (!this.listening) this.plot.replaceChildren();
    this.Plotly.react(this.plot, resolve(traces, color), layout, { displayModeBar: false });
    if (this.listening) return;
    this.listening = true;
    this.plot.on("plotly_click", (event) => this.click(event));
  }

  /** Draws again if the width is another than the one drawn for. */
  fit() {
    if (this.figure && this.root.clientWidth !== this.width) this.draw();
  }

  /** The traces with the chosen frame of every film put in. */
  traces() {
    const traces = this.figure.data.map((trace) => ({ ...trace }));
    for (const [key, { moves }] of Object.entries(this.figure.films)) {
      const k = this.chosen[key] ?? -1;
      for (const { trace, grows, x, y, text, z, at } of k < 0 ? [] : moves) {
        if (z) traces[trace] = shaded(traces[trace], z[at[Math.floor(k)]]);
        for (const [part, frames] of Object.entries({ x, y, text })) {
          if (!frames) continue;
          const still = at && frames[at[Math.floor(k)]];
          traces[trace][part] = still ?? (grows ? grown(frames, k) : between(frames, k));
        }
      }
    }
    return traces;
  }

  /** Chooses the frame of each film whose slider stands elsewhere than the figure was drawn for. */
  choose() {
    for (const [key, { stops }] of Object.entries(this.figure.films)) {
      if (!stops) continue;
      const at = this.figure.at[key];
      const value = standing(key, at);
      this.turn(key, value === at ? -1 : nearest(stops, value));
    }
  }

  /** Sets the frame of one film, and notes which traces that moves. */
  turn(key, k) {
    if (this.chosen[key] === k) return;
    this.chosen[key] = k;
    for (const { trace } of this.figure.films[key].moves) this.moved.add(trace);
  }

  /** Follows the sliders, at most once a frame of the display. */
  follow() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.choose();
      this.move();
    });
  }

  /** The sliders that stand elsewhere than the figure was drawn for: [key, value], each. */
  astray() {
    const values = Object.entries(this.figure.ahead?.values ?? {});
    return values.filter(([key, value]) => standing(key, value) !== value).map(([key, value]) => {
      return [key, standing(key, value)];
    });
  }

  /** Fetches the figure for where the sliders stand: the script will say the same, but later. */
  async scout() {
    const { address } = this.figure.ahead ?? {};
    const astray = this.astray();
    const [asked, typed] = [`${astray}`, astray.some(([, value]) => typeof value === "string")];
    if (!address || !astray.length || this.scouting || asked === this.refused) return;
    this.scouting = true;
    const { scenery_version, surfaces } = this.figure;
    const base = this.received;
    const found = await ask(address, astray, scenery_version ?? "");
    this.scouting = false;
    this.refused = found === null ? asked : undefined;
    if (found === null && typed) this.scout(); // the next key may finish the word
    else if (found === null) this.figure.ahead = undefined; // until the script's next answer
    else if (this.received !== base) this.scout(); // the script has said something else meanwhile
    else {
      const [message, reel, ground] = [decode(found[0]), ...found.slice(1).map(versioned)];
      message.ahead.address = address;
      message.surfaces = ground?.scenery ?? surfaces;
      this.receive(message, reel, this.clicked);
      this.scouted = true;
      this.scout(); // they may stand elsewhere by now
    }
  }

  /** Puts the traces of the films that were turned where they now belong. */
  move() {
    if (!this.moved.size || !this.listening) return;
    const start = performance.now();
    this.paint(this.moved);
    measured("losscope-frame", start);
  }

  /** Puts traces where they are at the chosen frames; axes and everything else stay untouched. */
  paint(indices) {
    const traces = this.traces();
    const done = [...indices].every((i) => {
      if (traces[i].cells) return shade(this.plot, i, traces[i]);
      return !isScatter(traces[i]) || place(this.plot, i, traces[i]);
    });
    this.moved.clear();
    clearTimeout(this.resting);
    if (done) this.resting = setTimeout(() => this.rest(), REST);
    else this.rest();
  }

  /** Tells Python where the figure was clicked, if its layout asks for clicks anywhere. */
  click({ xvals, yvals, xaxes, yaxes }) {
    if (!this.figure.layout.clickanywhere || !xvals) return;
    this.clicked({ x: xvals[0], y: yvals[0], subplot: xaxes[0]._id + yaxes[0]._id });
  }
}

/** The frame at k; between two of them, numbers go from one to the other in a straight line. */
function between(frames, k) {
  const [last, next] = [frames[Math.floor(k)], frames[Math.ceil(k)]];
  if (last === next || !ArrayBuffer.isView(last)) return last;
  return last.map((value, i) => value + (k % 1) * (next[i] - value));
}

/** The points up to k of a path that grows, the last of them between two if k is. */
function grown(points, k) {
  const path = points.slice(0, Math.ceil(k) + 1);
  const last = Math.floor(k);
  if (k > last) path[last + 1] = points[last] + (k - last) * (points[last + 1] - points[last]);
  return path;
}

/** Reports a duration to whoever observes, without letting the page's own list grow. */
function measured(name, start) {
  performance.measure(name, { start });
  performance.clearMeasures(name);
}

/** The index of the stop nearest to a value. */
function nearest(stops, value) {
  return stops.reduce((best, stop, k) => {
    return Math.abs(stop - value) < Math.abs(stops[best] - value) ? k : best;
  }, 0);
}
