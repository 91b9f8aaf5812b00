"""Pure values and rules: no input, output, clock, randomness or logging."""
