"""Plotly figures that change in place.

st.plotly_chart takes a figure down and puts up another whenever it changes, which blinks. This
component keeps the one it has and hands the new data to Plotly.react. What belongs to a figure
and is to change in the same frame, it takes along as HTML.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.show.figures import Figure
from core.ui import address as url
from core.ui.server import PLOTLY_URL, served

_JS = (
    url.JS
    + """
const plotly = (path) => import(new URL(path, location.origin)).then(() => window.Plotly);

// Colours and font of the app's theme, as defaults that the figure's own settings override.
const themed = (element) => {
  const style = getComputedStyle(element);
  const text = style.getPropertyValue("--st-text-color").trim() || style.color;
  const line = style.getPropertyValue("--st-border-color").trim() || "#8884";
  const back = style.getPropertyValue("--st-background-color").trim() || "#888";
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line };
  return { data: { bar: [{ insidetextfont: { color: text } }] }, layout: {
    font: { color: text, family: style.fontFamily, size: 15 },
    paper_bgcolor: "transparent", plot_bgcolor: "transparent", xaxis: axis, yaxis: axis,
    modebar: { bgcolor: "transparent", color: text, activecolor: text },
    hoverlabel: { font: { size: 15, color: text }, bgcolor: back },
  } };
};

// Buttons that save the figure, on the page's background. Made once: another config makes Plotly
// put up the whole figure anew.
const tools = (Plotly, plot, style, name) => {
  const save = (format) => () => {
    const paper_bgcolor = style.getPropertyValue("--st-background-color");
    const layout = { ...plot.layout, paper_bgcolor };
    const { offsetWidth: width, offsetHeight: height } = plot;
    Plotly.downloadImage({ data: plot.data, layout },
      { format, width, height, scale: format === "png" ? 2 : 1, filename: name });
  };
  return [["png", "camera"], ["svg", "disk"]].map(([format, icon]) => ({
    name: format, title: `Save as ${format.toUpperCase()}`, icon: Plotly.Icons[icon],
    click: save(format) }));
};

export default ({ data, parentElement, setTriggerValue }) => {
  const root = parentElement.querySelector(".bl-figure");
  const before = root.querySelector(".before"), plot = root.querySelector(".plot");
  root.className = "bl-figure " + data.look;
  plot.style.height = `${data.figure.layout.height}px`;
  plot.setAttribute("aria-label", data.alt);
  write(data.address);
  root.send = setTriggerValue;
  const turn = root.turn = (root.turn ?? 0) + 1;
  const show = (Plotly) => {
    if (turn !== root.turn) return;  // a newer figure has come meanwhile
    if (before.given !== data.before) before.innerHTML = before.given = data.before;
    const layout = { ...data.figure.layout, template: themed(parentElement) };
    if (!Plotly) return;
    const style = getComputedStyle(parentElement);
    root.config ??= { displayModeBar: data.toolbar, displaylogo: false, responsive: true,
      modeBarButtons: [tools(Plotly, plot, style, data.name)] };
    return Plotly.react(plot, data.figure.data, layout, root.config).then(() => {
      if (!data.clicks || root.clicks) return;
      root.clicks = true;
      plot.on("plotly_click", ({ points: [{ x, y }] }) => root.send("clicked", { x, y }));
    });
  };
  if (!window.Plotly) show();  // the words need not wait for the library
  plotly(data.url).then((Plotly) => {
    if (data.later) requestAnimationFrame(() => setTimeout(() => show(Plotly)));
    else show(Plotly);
  });
};
"""
)

_plot = st.components.v2.component(
    "backdoor_lab_plot",
    html="""
    <div class="bl-frame"><div class="bl-figure">
    <div class="before"></div><div class="plot" role="img"></div>
    </div></div>
    """,
    js=_JS,
    isolate_styles=False,
)


def plot(
    figure: Figure,
    *,
    key: str,
    alt: str,
    before: str = "",
    look: str = "",
    toolbar: bool = False,
    later: bool = False,
    address: dict[str, str | None] | None = None,
    on_click: Callable[[Any, Any], None] | None = None,
) -> None:
    """Shows a figure of fixed height; the next one with the same key takes its place in place.

    alt: the figure in words. before: HTML above it, escaped by whoever made it. look: a class of
    style.css. later: after the next frame, for what may wait until more pressing things are seen.
    address: what the URL is to say, from `address.of`. toolbar: offers to save it as PNG and SVG.
    on_click: a callback, given x and y of the point that was clicked.
    """

    def clicked() -> None:
        point = (st.session_state.get(key) or {}).get("clicked")
        if point and on_click:
            on_click(point["x"], point["y"])

    _plot(
        key=key,
        data={
            "figure": figure,
            "toolbar": toolbar,
            "clicks": on_click is not None,
            "name": key,
            "alt": alt,
            "before": before,
            "look": look,
            "later": later,
            "address": address or {},
            "url": served(PLOTLY_URL),
        },
        on_clicked_change=clicked,
    )
