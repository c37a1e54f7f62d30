"""The words that are on file, checked when a process starts."""
