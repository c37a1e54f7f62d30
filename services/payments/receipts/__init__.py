"""Receipts: that there is one, and its digest. The file itself does not come here yet."""
