"""Where a mail that came in belongs: filed with its letter, or held until a person says."""
