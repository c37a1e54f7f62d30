"""Reviews: planned ones, and rapid ones that anybody may ask for."""
