"""Pages on paper: tagged PDF that everybody can read, screen readers too."""
