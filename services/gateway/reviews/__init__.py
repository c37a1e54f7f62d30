"""Reviews: asked for, held."""
