"""The pictures that stand beside lines of Easy Read."""
