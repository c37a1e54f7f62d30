"""Holds that keep messages from somebody for whom they are a danger. They beat everything."""
