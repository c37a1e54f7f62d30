"""Sign-off: three people sign the same plan, then the right rung of the ladder decides."""
