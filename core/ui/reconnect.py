"""Brings a page back to life when its server was restarted.

A browser that finds its server again does not ask for the page if nothing had changed, and a
fragment of the old server is unknown to the new one, so every click would fall flat. This
component, outside of all fragments, asks for the page.
"""

import streamlit as st

_JS = """
export default ({ setTriggerValue }) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const state = () => app?.getAttribute("data-test-connection-state");
  let lost = false;
  const watch = new MutationObserver(() => {
    if (state() !== "CONNECTED") lost = true;
    else if (lost) { lost = false; setTriggerValue("found", Date.now()); }
  });
  if (app) watch.observe(app, { attributeFilter: ["data-test-connection-state"] });
  return () => watch.disconnect();
};
"""

_reconnect = st.components.v2.component("backdoor_lab_reconnect", html="<i></i>\n", js=_JS)


def watch() -> None:
    """Belongs at the end of the frame."""
    _reconnect(key="reconnect", on_found_change=lambda: None, height=1)
