"""Signing in at NHS login, at CIS2 or at a council, for a browser or for an app."""
