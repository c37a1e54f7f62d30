"""Appeals: somebody new looks at a decision again, and says why."""
