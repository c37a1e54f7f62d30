"""Appeals: somebody new looks again."""
