"""Long work: a process of its own, and the app's end of the line."""
