"""The attack: a trigger, and what is done to a training set."""
