"""Recipients that say they are not competent (bukan wewenang), and asking another office instead."""
