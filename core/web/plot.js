// A Plotly figure that keeps its place: new data change the one that is there.

import { write } from "./address.js";

// Colours and font of the app's theme, as defaults that the figure's own settings override.
const themeOf = (element) => {
  const style = getComputedStyle(element);
  const text = style.getPropertyValue("--st-text-color").trim() || style.color;
  const line = style.getPropertyValue("--st-border-color").trim() || "#8884";
  const back = style.getPropertyValue("--st-background-color").trim() || "#888";
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line };
  return {
    data: { bar: [{ insidetextfont: { color: text } }] },
    layout: {
      font: { color: text, family: style.fontFamily, size: 15 },
      paper_bgcolor: "transparent", plot_bgcolor: "transparent", xaxis: axis, yaxis: axis,
      modebar: { bgcolor: "transparent", color: text, activecolor: text },
      hoverlabel: { font: { size: 15, color: text }, bgcolor: back },
    },
  };
};

// Buttons that save the figure, on the page's background.
const saveButtons = (plot, style, filename) => {
  const save = (format) => () => {
    const paper_bgcolor = style.getPropertyValue("--st-background-color");
    const { offsetWidth: width, offsetHeight: height } = plot;
    Plotly.downloadImage(
      { data: plot.data, layout: { ...plot.layout, paper_bgcolor } },
      { format, width, height, scale: format === "png" ? 2 : 1, filename },
    );
  };
  return [["png", "camera"], ["svg", "disk"]].map(([format, icon]) => ({
    name: format, title: `Save as ${format.toUpperCase()}`, icon: Plotly.Icons[icon],
    click: save(format),
  }));
};

export default ({ data, parentElement, setTriggerValue }) => {
  const root = parentElement.querySelector(".bl-figure");
  const before = root.querySelector(".before"), plot = root.querySelector(".plot");
  root.className = `bl-figure ${data.look}`;
  plot.style.height = `${data.figure.layout.height}px`;
  // What is a picture to a screen reader may hold no buttons.
  plot.setAttribute("role", data.toolbar ? "figure" : "img");
  plot.setAttribute("aria-label", data.alt);
  write(data.address);
  root.send = setTriggerValue;
  const turn = root.turn = (root.turn ?? 0) + 1;

  const showWords = () => {
    if (before.html !== data.before) before.innerHTML = before.html = data.before;
  };
  const showAll = () => {
    if (turn !== root.turn) return;  // a newer figure has come meanwhile
    showWords();
    // Made once: another config makes Plotly put up the whole figure anew.
    root.config ??= {
      displayModeBar: data.toolbar, displaylogo: false, responsive: true,
      modeBarButtons: [saveButtons(plot, getComputedStyle(parentElement), data.name)],
    };
    const layout = { ...data.figure.layout, template: themeOf(parentElement) };
    Plotly.react(plot, data.figure.data, layout, root.config).then(() => {
      if (!data.clicks || root.clicks) return;
      root.clicks = true;
      plot.on("plotly_click", ({ points: [{ x, y }] }) => root.send("clicked", { x, y }));
    });
  };

  if (!window.Plotly) showWords();  // they need not wait for the library
  import(new URL(data.plotly, location.origin)).then(() => {
    if (data.later) requestAnimationFrame(() => setTimeout(showAll));
    else showAll();
  });
};
