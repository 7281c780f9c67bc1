// The poison rate: its slider, and the curve of how the drawing depends on it.

import { top } from "./state.js";

const LINE = "#8886";

export const makeDose = (root, talk) => {
  const plot = root.querySelector(".plot");
  const loaded = import(new URL(talk.data.plotly, location.origin));  // for the curve
  const sliders = root.querySelectorAll("input");
  for (const slider of sliders) {
    slider.addEventListener("input", () => slide(Number(slider.value)));
  }

  const slide = (rung) => {
    const last = talk.data.standing.rungs.length - 1;
    talk.state.rung = Math.min(Math.max(rung, 0), last);
    talk.show();
  };
  const showCurve = (now) => {
    const { data, layout } = talk.answer.figure;
    const style = getComputedStyle(root), em = Number.parseFloat(style.fontSize);
    const font = { size: 0.95 * em, color: style.color, family: style.fontFamily };
    const axis = { gridcolor: LINE, linecolor: LINE, zerolinecolor: LINE };
    const title = { ...layout.xaxis.title, font };
    Plotly.react(plot, data.map((trace) => ({ ...trace, hoverinfo: "skip" })), {
      ...layout, font, height: plot.clientHeight, width: plot.clientWidth,
      shapes: [{ ...layout.shapes[0], x0: now, x1: now }],
      hovermode: false, showlegend: false,
      paper_bgcolor: "transparent", plot_bgcolor: "transparent",
      margin: { l: 4.2 * em, r: em, t: 0.6 * em, b: 4 * em },
      xaxis: { ...axis, ...layout.xaxis, title }, yaxis: { ...axis, ...layout.yaxis },
    }, { displayModeBar: false, staticPlot: true });
  };
  const show = () => {
    const { rungs } = talk.data.standing, rung = rungs[talk.state.rung];
    const poisoned = rung.poisoned.toLocaleString("en"), images = rung.images.toLocaleString("en");
    for (const rate of root.querySelectorAll(".rate")) {
      rate.querySelector("b").textContent = `${rung.percent} %`;
      rate.querySelector("span").textContent = `${poisoned} of ${images} images poisoned`;
    }
    for (const slider of sliders) {
      slider.max = rungs.length - 1;
      slider.value = talk.state.rung;
    }
    const seen = talk.shows("dose") && talk.answer;
    root.querySelector(".read").textContent =
      seen ? `reads ${top(talk.ten("backdoored", true))}` : "";
    if (!seen) return;
    loaded.then(() => {
      if (talk.shows("dose") && talk.answer) showCurve(rungs[talk.state.rung].percent);
    });
  };
  return { show, slide };
};
