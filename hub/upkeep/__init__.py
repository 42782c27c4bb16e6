"""Keeps the directory alive: invitations, handover, reach checks, dead contacts, and what is missing."""
