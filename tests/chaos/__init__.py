"""The whole suite under faults: crash points, and chaos from a printed seed."""
