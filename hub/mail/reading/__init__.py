"""What a mail that came in is, and what it says. Pure: bytes in, a reading out; no database, no clock, no network."""
