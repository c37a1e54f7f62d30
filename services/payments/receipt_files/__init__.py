"""Receipts' files: they come and go at addresses of one use, and lie encrypted by digest."""
