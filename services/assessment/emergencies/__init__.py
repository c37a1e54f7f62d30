"""Emergencies: somebody outside the team opens a record, and the person is told who and why."""
