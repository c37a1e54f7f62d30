"""Preventive effects: nothing is lowered unless that was explained and shown."""
