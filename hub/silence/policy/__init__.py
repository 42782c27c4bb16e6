"""The pages of what a hub goes by: limits and ladders, as rows that an administrator changes."""
