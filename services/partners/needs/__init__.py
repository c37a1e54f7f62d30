"""Needs: what one side saw, and where sides disagree."""
