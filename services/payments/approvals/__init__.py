"""Approvals: what needs a second person, who is never the one that asked."""
