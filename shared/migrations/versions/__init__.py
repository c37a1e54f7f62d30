"""The tables that carry messages, revision by revision, for every service's own history."""
