"""One case as a person would want to read it."""
