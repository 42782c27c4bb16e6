"""How fast the hub is, on the machine it is asked on, beside what a plain program would do there."""
