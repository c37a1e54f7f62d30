"""Intake: somebody asks for a budget for a person; it is talked about, and answered."""
