"""One budget in plain Python: what every account must hold, by the rules as they are written.

It knows nothing of tables, transactions and messages, and nothing of the service's own rules.
"""

from tests.integration.budget.model.risk_shares import RiskShares


class Model(RiskShares):
    """All that can become of one budget; each noun adds its own to what the ones before know."""
