"""Unplaced contributions: kept until the referral they belong to arrives."""
