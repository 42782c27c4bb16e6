"""How the letters of an office look and are signed."""
