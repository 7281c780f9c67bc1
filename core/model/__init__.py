"""The model: its network, how it is trained, what it reads and how it scores."""
