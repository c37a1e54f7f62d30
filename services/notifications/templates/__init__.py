"""The words of every message, as files, checked when a process starts."""
