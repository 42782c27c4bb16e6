"""Steps of a ladder that a person decides: the record that no answer came."""
