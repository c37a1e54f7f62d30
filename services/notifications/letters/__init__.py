"""Letters on paper: tagged PDF, in large print, in Easy Read with pictures, from right to left."""
