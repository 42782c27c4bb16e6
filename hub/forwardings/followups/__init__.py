"""Letters that follow up a forwarding letter which was not answered."""
