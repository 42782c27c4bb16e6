"""The directory in and out by file."""
