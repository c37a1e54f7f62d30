"""Rule sets: what a point of need is worth, who pays which part of it, and the bands."""
