"""Where frames and photographs come from, and where annotated video goes."""
