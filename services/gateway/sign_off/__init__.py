"""Sign-off: three sign, the right rung decides."""
