"""True-up: what a dispute changes between the funders, and nothing for the person."""
