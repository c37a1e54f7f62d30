"""Needs: what NHS and council each saw, joined in one assessment."""
