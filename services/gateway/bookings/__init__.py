"""Bookings: when and where the joint assessment is held, and who comes."""
