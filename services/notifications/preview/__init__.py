"""What somebody would get, before anybody gets it."""
