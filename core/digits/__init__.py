"""The digits: what is read, and where it comes from."""
