"""A reserve for a crisis: promised by the funders, called when it is needed, and not before."""
