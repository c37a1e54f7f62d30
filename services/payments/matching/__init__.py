"""Matching: a person says for which purchase money moved that came without saying so."""
