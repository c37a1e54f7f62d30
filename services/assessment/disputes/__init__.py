"""Disputes: who agrees with what was seen, domain by domain, and how a dispute is settled."""
