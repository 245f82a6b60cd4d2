// Watches one chart from inside the page, on the page's own clock (ms).
window.bench = {
  chart: null, // selector of the chart, once the bench begins
  keys: [], // when a key was pressed
  work: {}, // name of a measure → durations
  answers: [], // when the live figure had put an answer of the server on the screen
  changes: [], // when anything in the chart's drawing changed
  frames: [], // of each frame of the display: when it began and was painted, whether it was blank
};
{
  const bench = window.bench;
  addEventListener("keydown", (event) => bench.keys.push(event.timeStamp), true);
  new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries()) {
      (bench.work[name] ??= []).push(duration);
      if (name === "losscope-answer") bench.answers.push(startTime + duration);
    }
  }).observe({ type: "measure" });
  new MutationObserver((records) => {
    const box = bench.chart && document.querySelector(bench.chart);
    const ours = box && records.some(({ target }) => box.contains(target));
    if (ours) bench.changes.push(performance.now());
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["d"] });
  const frame = (began) => {
    if (bench.chart) {
      const curves = document.querySelectorAll(`${bench.chart} path.js-line`);
      const blank = ![...curves].some((path) => path.getAttribute("d"));
      setTimeout(() => bench.frames.push([began, performance.now(), blank]));
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
