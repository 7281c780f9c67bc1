"""Every figure: arrays in, a figure in Plotly's own JSON out. A file for each page.

Plain dicts, because go.Figure checks every name on every stroke, which takes 7 ms a figure; the
tests put each through go.Figure instead. Text and grid take their colours from the app's theme.
"""
