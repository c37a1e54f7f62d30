"""Programs that stand in for what we cannot have on a laptop. They know only wire formats."""
