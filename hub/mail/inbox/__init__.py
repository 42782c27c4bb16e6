"""Mail that comes in: kept first, read afterwards."""
