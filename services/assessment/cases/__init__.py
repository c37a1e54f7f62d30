"""Cases: everything about one referral for a reader, and how many there are."""
