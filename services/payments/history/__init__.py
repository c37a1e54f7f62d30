"""The whole history of a holder, for them, for a review, and for whoever comes after us."""
