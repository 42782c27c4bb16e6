"""Answers on their way, told by whoever sent them, and what the sender of our letter makes of it."""
