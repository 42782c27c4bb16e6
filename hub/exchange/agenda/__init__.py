"""Registers of an office: letters that came in, letters that left, and the book of what went to the post."""
