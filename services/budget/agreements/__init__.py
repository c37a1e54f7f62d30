"""Who pays which part of a budget: the plan's items, the funders' shares, the person's part."""
