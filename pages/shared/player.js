
const LEAPS = 10; // frames a second at 1×: a slower film shows nothing between two frames
const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10];
const CALM = 500; // ms between two pictures for those who asked for reduced motion
const FACES = {
  first: ["To the start", "M5 5h2.5v14H5zM20 5v14L9 12z"],
  back: ["Step back", "M15 5 7 12l8 7 1.8-2-5.7-5 5.7-5z"],
  play: ["Play", "M7 4.5v15L20 12z"],
  pause: ["Pause", "M6 5h4.5v14H6zM13.5 5H18v14h-4.5z"],
  forward: ["Step forward", "M9 5l8 7-8 7-1.8-2 5.7-5-5.7-5z"],
  last: ["To the end", "M16.5 5H19v14h-2.5zM4 5l11 7-11 7z"],
};
const SVG = "http://www.w3.org/2000/svg";

/** An element with properties and children. */
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** A button that does something when pressed; `face` gives it its looks. */
function button(name, onclick) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.append(document.createElementNS(SVG, "path"));
  return face(make("button", { type: "button", onclick }, svg), name);
}

/** Gives a button an icon and a name. */
function face(element, name) {
  const [title, icon] = FACES[name];
  element.querySelector("path").setAttribute("d", icon);
  return Object.assign(element, { title, ariaLabel: title });
}

/** A stage with a clock: the film "clock", and a bar that plays it, steps and scrubs. */
class Player extends Stage {
  constructor(parent) {
    super(parent);
    this.now = undefined; // the clock in frames, kept from message to message
    this.playing = false;
    this.speed = 1;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.root.tabIndex = -1; // a click on the figure gives it the keys
    Object.assign(this.root, { role: "group", ariaLabel: "Player" });
    this.root.append(this.bar());
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  /** The bar of controls. */
  bar() {
    const speed = make("select", { ariaLabel: "Speed" });
    speed.append(...SPEEDS.map((times) => new Option(`${times}×`, times)));
    speed.value = this.speed;
    speed.onchange = () => (this.speed = Number(speed.value));
    this.speeds = speed;
    this.scrub = make("input", { type: "range", min: 0, step: 1, ariaLabel: "Position" });
    this.scrub.oninput = () => this.seek(this.scrub.valueAsNumber);
    this.toggle = button("play", () => this.play(!this.playing));
    this.readout = make("output");
    this.parts = make("ul", { className: "losscope-parts" });
    const first = button("first", () => this.seek(0));
    const back = button("back", () => this.step(-1));
    const forward = button("forward", () => this.step(1));
    const last = button("last", () => this.seek(this.end));
    const controls = [first, back, this.toggle, forward, last, this.scrub, speed];
    controls.push(this.readout, this.parts);
    return make("div", { className: "losscope-bar" }, ...controls);
  }

  /** Takes new arrays and goes on from the same step; a clock resting at the end stays there. */
  take(figure, reel) {
    const resting = !this.playing && this.now >= this.end;
    const same = super.take(figure, reel);
    this.end = reel.films.clock.frames - 1;
    this.pace = reel.films.clock.pace;
    this.speeds.title = `1× is ${this.pace} steps a second`;
    this.scrub.max = this.end;
    this.seek(this.now === undefined ? figure.start : resting ? this.end : this.now, true);
    return same;
  }

  /** Goes to a position, which pauses the clock unless it is the clock that goes. */
  seek(position, going = false) {
    if (!going) this.play(false);
    this.now = Math.min(Math.max(position, 0), this.end);
    const k = Math.floor(this.now);
    const caption = this.figure.captions[k];
    const glides = this.playing && !this.calm.matches && this.pace >= LEAPS;
    this.turn("clock", glides ? this.now : k);
    this.readout.textContent = caption;
    this.tell(this.figure.details[k]);
    Object.assign(this.scrub, { value: k, ariaValueText: caption });
    if (!going) this.move();
  }

  /** Lists the parts of a step, one line each, in the lines that are there. */
  tell(lines = []) {
    while (this.parts.children.length < lines.length) this.parts.append(make("li"));
    [...this.parts.children].forEach((line, i) => (line.textContent = lines[i] ?? ""));
  }

  /** One step forward or back. */
  step(by) {
    this.seek(Math.floor(this.now) + by);
  }

  /** Starts or stops the clock; from the end it starts over. */
  play(playing) {
    if (playing === this.playing) return;
    this.playing = playing;
    face(this.toggle, playing ? "pause" : "play");
    if (!playing) return this.halt();
    if (this.now >= this.end) this.now = 0;
    this.time = performance.now();
    requestAnimationFrame((time) => this.tick(time));
  }

  /** Comes to rest on the step whose numbers are shown. */
  halt() {
    this.now = Math.floor(this.now);
    this.turn("clock", this.now);
    this.move();
  }

  /** One frame of the display: the clock moves by the time that went by, from step to step. */
  tick(time) {
    if (!this.playing || !this.root.isConnected) return;
    const passed = Math.max(time - this.time, 0);
    if (!this.calm.matches || passed >= CALM) {
      this.time = time;
      this.seek(this.now + (passed / 1000) * this.pace * this.speed, true);
      this.move();
      if (this.now >= this.end) this.play(false);
    }
    requestAnimationFrame((next) => this.tick(next));
  }

  /** The keys of the bar and the figure; what a control does with a key by itself is left to it. */
  key(event) {
    const { target, key } = event;
    if (event.altKey || event.ctrlKey || event.metaKey) return; // the browser's own
    if (target.tagName === "SELECT" || (target.tagName === "BUTTON" && key === " ")) return;
    if (target === this.scrub && key !== " ") return;
    const act = {
      " ": () => this.play(!this.playing),
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      Home: () => this.seek(0),
      End: () => this.seek(this.end),
    }[key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
