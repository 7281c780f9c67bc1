"""Plotly figures that change in place.

st.plotly_chart takes a figure down and puts up another whenever it changes, which blinks. This
component keeps the one it has and hands the new data to Plotly.react.
"""

from typing import Any

import streamlit as st

from core.figures import Figure
from core.ui.server import PLOTLY_URL

_JS = """
const plotly = (url) => window.backdoorLabPlotly ??= new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = url;
  script.onload = () => done(window.Plotly);
  script.onerror = () => { window.backdoorLabPlotly = undefined; failed(); };
  document.head.append(script);
});

// Colours and font of the app's theme, as defaults that the figure's own settings override.
const themed = (element) => {
  const style = getComputedStyle(element);
  const text = style.getPropertyValue("--st-text-color").trim() || style.color;
  const line = style.getPropertyValue("--st-border-color").trim() || "#8884";
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, automargin: false };
  return { layout: {
    font: { color: text, family: style.fontFamily, size: 15 },
    paper_bgcolor: "transparent", plot_bgcolor: "transparent", xaxis: axis, yaxis: axis,
    hoverlabel: { font: { size: 15 } },
  } };
};

export default ({ data, parentElement }) => {
  const plot = parentElement.querySelector(".plot");
  plot.style.height = `${data.figure.layout.height}px`;
  plot.setAttribute("aria-label", data.alt);
  const turn = plot.turn = (plot.turn ?? 0) + 1;
  const draw = (Plotly) => {
    if (turn !== plot.turn) return;  // a newer figure has come meanwhile
    const layout = { ...data.figure.layout, template: themed(parentElement) };
    return Plotly.react(plot, data.figure.data, layout, data.config);
  };
  plotly(data.url).then((Plotly) => {
    if (data.later) requestAnimationFrame(() => setTimeout(() => draw(Plotly)));
    else draw(Plotly);
  });
};
"""

_plot = st.components.v2.component(
    "backdoor_lab_plot",
    html='<div class="plot" role="img"></div>\n',
    css=".plot { width: 100%; overflow: hidden; }\n",
    js=_JS,
    isolate_styles=False,
)


def plot(figure: Figure, *, key: str, alt: str, toolbar: bool = False, later: bool = False) -> None:
    """Shows a figure of fixed height; the next one with the same key takes its place in place.

    `alt` is the figure in words.
    """
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    config: dict[str, Any] = {
        "displayModeBar": toolbar or False,
        "displaylogo": False,
        "responsive": True,
        "modeBarButtonsToRemove": ["select2d", "lasso2d"],
    }
    _plot(
        key=key,
        data={
            "figure": figure,
            "config": config,
            "alt": alt,
            "later": later,
            "url": f"/{base}{PLOTLY_URL}" if base else PLOTLY_URL,
        },
        height=figure["layout"]["height"],
    )
