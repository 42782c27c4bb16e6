"""Chains: a recipient passes a letter on to an office below, which may do the same."""
