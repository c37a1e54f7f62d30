"""No more e-mails to an address, by one click (RFC 8058)."""
