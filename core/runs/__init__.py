"""Runs: trained models with their cards, in files, lists, ladders and sweeps."""
