"""The pages that tell of the API."""
