"""What a purchase of so many pence makes the service of these tests do."""

FINE = 1
RAISES = 2
COMMIT_FAILS = 3
SLOW = 4
REFUSED = 5
NOT_KNOWN_YET = 6
HELD = 7  # it works until the test lets it go
TIMES_OUT = 8
LOCKED = 9  # it waits for a lock, for a moment only
TOO_SLOW = 10  # its statement takes longer than statements may
CONFLICTS = 11  # with somebody else, twice
CONFLICTS_ON = 12  # again and again
NO_CONNECTION = 13  # none was to be had in time
