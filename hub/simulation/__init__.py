"""A year rehearsed: the real hub among servers, post and people that fail, and the truth beside what the hub says."""
