"""Letters on paper: tagged PDF, large print, Easy Read with pictures, from right to left."""
