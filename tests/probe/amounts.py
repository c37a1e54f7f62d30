"""What a purchase of so many pence makes the service of these tests do."""

FINE = 1
RAISES = 2
COMMIT_FAILS = 3
SLOW = 4
REFUSED = 5
NOT_KNOWN_YET = 6
HELD = 7  # it works until the test lets it go
TIMES_OUT = 8
