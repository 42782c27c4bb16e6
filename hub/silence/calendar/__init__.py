"""The page of the working calendar. It stands above the calendar itself, for a change moves due dates."""
