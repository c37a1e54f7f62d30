"""Signatures: three different people sign the same words; any edit voids them all."""
