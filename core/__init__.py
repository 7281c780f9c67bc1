"""Backdoor Lab's core: digits -> poison -> train -> store -> predict and measure -> figures."""
