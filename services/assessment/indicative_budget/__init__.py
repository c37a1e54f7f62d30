"""The indicative budget: how much a person may plan with, worked out line by line."""
