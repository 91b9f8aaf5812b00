"""Pure arithmetic of a trial: counts and arrays in, results out."""
