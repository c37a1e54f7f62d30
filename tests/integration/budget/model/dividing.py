"""How pence are divided, by the rules as they are written.

Who owes odd pennies is worked out here once more, so that a mistake in the ledger's rules is not
repeated.
"""

from fractions import Fraction


def in_proportion(amount, weights):
    """Divide once: rounded down, the odd pennies to the largest remainders, then weights, ids."""
    total = sum(weights.values())
    exact = {one: Fraction(amount * weight, total) for one, weight in weights.items()}
    return _with_odd_pennies(amount, exact, lambda one: (-weights[one], one))


def in_proportion_if_any(amount, weights):
    """Divide once; nobody gets anything where nobody has a weight."""
    return in_proportion(amount, weights) if any(weights.values()) else dict.fromkeys(weights, 0)


def carried(amount, weights, used, tie):
    """Divide what is spent now so that nobody drifts from its share of everything spent."""
    total = amount + sum(used[one] for one, weight in weights.items() if weight)
    whole = sum(weights.values())
    owed = {
        one: max(Fraction(0), Fraction(weight * total, whole) - used[one])
        for one, weight in weights.items()
        if weight
    }
    exact = {one: part * amount / sum(owed.values()) for one, part in owed.items()}
    portions = _with_odd_pennies(amount, exact, lambda one: (-weights[one], one.int ^ tie))
    return dict.fromkeys(weights, 0) | portions


def _with_odd_pennies(amount, exact, and_then):
    portions = {one: part.numerator // part.denominator for one, part in exact.items()}
    first = sorted(exact, key=lambda one: (portions[one] - exact[one], and_then(one)))
    for one in first[: amount - sum(portions.values())]:
        portions[one] += 1
    return portions
