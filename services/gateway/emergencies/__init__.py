"""Emergencies: a record is opened by somebody outside the team, with a second person."""
