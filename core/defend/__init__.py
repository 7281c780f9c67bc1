"""Defences: what a model, its training set or one image gives away. None is told the attack."""
