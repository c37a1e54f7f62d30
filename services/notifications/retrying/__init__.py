"""Sending once more, by another channel, what reached nobody: somebody asks for it."""
