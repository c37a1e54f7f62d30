"""Putting right what was written down wrongly, by journals and never by edits."""
