"""The inventory of follow-up reports: every final answer that an office gave or got."""
