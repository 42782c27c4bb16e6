"""Whom a complaint goes to: rules as rows that a monitor reads and edits, and the conflict rule none can edit."""
