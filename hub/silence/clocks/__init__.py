"""The page of the limits."""
