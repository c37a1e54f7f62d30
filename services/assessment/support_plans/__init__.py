"""Support plans: what the person wants, in their own words, and what that takes."""
