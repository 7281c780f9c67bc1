"""Measuring: how good, how bad, how sure."""
