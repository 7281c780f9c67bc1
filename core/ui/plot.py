"""Plotly figures that change in place.

st.plotly_chart takes a figure down and puts up another whenever it changes, which blinks. This
component keeps the one it has and hands the new data to Plotly.react. What belongs to a figure
and is to change in the same frame, it takes along as HTML.
"""

import streamlit as st

from core.figures import Figure
from core.ui.cards import CSS
from core.ui.server import PLOTLY_URL

_JS = """
const plotly = (path) => import(new URL(path, location.origin)).then(() => window.Plotly);

// Colours and font of the app's theme, as defaults that the figure's own settings override.
const themed = (element) => {
  const style = getComputedStyle(element);
  const text = style.getPropertyValue("--st-text-color").trim() || style.color;
  const line = style.getPropertyValue("--st-border-color").trim() || "#8884";
  const back = style.getPropertyValue("--st-background-color").trim() || "#888";
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line };
  return { layout: {
    font: { color: text, family: style.fontFamily, size: 15 },
    paper_bgcolor: "transparent", plot_bgcolor: "transparent", xaxis: axis, yaxis: axis,
    hoverlabel: { font: { size: 15, color: text }, bgcolor: back },
  } };
};

export default ({ data, parentElement }) => {
  const root = parentElement.querySelector(".bl-figure");
  const before = root.querySelector(".before"), plot = root.querySelector(".plot");
  root.className = "bl-figure " + data.look;
  plot.style.height = `${data.figure.layout.height}px`;
  plot.setAttribute("aria-label", data.alt);
  const url = new URL(location);
  for (const [name, text] of Object.entries(data.address)) {
    if (text === null) url.searchParams.delete(name); else url.searchParams.set(name, text);
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
  const turn = root.turn = (root.turn ?? 0) + 1;
  const show = (Plotly) => {
    if (turn !== root.turn) return;  // a newer figure has come meanwhile
    if (before.given !== data.before) before.innerHTML = before.given = data.before;
    const layout = { ...data.figure.layout, template: themed(parentElement) };
    if (Plotly) return Plotly.react(plot, data.figure.data, layout, data.config);
  };
  if (!window.Plotly) show();  // the words need not wait for the library
  plotly(data.url).then((Plotly) => {
    if (data.later) requestAnimationFrame(() => setTimeout(() => show(Plotly)));
    else show(Plotly);
  });
};
"""

_plot = st.components.v2.component(
    "backdoor_lab_plot",
    html="""
    <div class="bl-frame"><div class="bl-figure">
    <div class="before"></div><div class="plot" role="img"></div>
    </div></div>
    """,
    css=CSS,
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
) -> None:
    """Shows a figure of fixed height; the next one with the same key takes its place in place.

    alt: the figure in words. before: HTML above it, escaped by whoever made it. look: a class of
    cards.CSS. later: after the next frame, for what may wait until more pressing things are seen.
    address: what the URL is to say, from `address.of`.
    """
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    _plot(
        key=key,
        data={
            "figure": figure,
            "config": {"displayModeBar": toolbar, "displaylogo": False, "responsive": True},
            "alt": alt,
            "before": before,
            "look": look,
            "later": later,
            "address": address or {},
            "url": f"/{base}{PLOTLY_URL}" if base else PLOTLY_URL,
        },
    )
