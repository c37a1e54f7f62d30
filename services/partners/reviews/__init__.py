"""Reviews: somebody asks that a plan be looked at again."""
