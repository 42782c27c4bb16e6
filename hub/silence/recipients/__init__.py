"""The pages of who has not responded: the list with its causes and next steps, and what is open at one institution."""
