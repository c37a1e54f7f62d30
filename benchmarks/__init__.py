"""Figures of speed: each part measures itself beside something raw, in the same run."""
