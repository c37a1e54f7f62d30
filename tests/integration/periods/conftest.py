"""After every test on periods the verifier looks at the whole ledger."""

import pytest
from sqlalchemy.orm import Session

from services.budget.verify import findings


@pytest.fixture
def transaction(emptied):
    """Transactions on budget's database, emptied first."""
    return emptied("budget")


@pytest.fixture
def found(owners):
    """What the verifier finds, as the owner of the tables."""

    def look():
        with Session(owners("budget")) as session:
            return list(findings(session))

    return look


@pytest.fixture(autouse=True)
def _the_ledger_verifies(transaction, found):
    yield
    assert found() == []
