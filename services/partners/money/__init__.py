"""Money: what a funder commits, releases and finds that a person can pay."""
