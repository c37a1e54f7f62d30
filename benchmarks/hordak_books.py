"""The books of django-hordak, on our PostgreSQL: its models, its migrations and its triggers.

A transfer is ``Account.transfer_to``, hordak's own way to move one amount between two accounts:
one transaction and two legs, which its triggers check at the commit. hordak keeps no balances: a
balance is the sum of legs, taken when somebody asks. So nothing here waits for anything else, and
nobody asks.
"""

import random
from collections.abc import Callable

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection as of_django
from sqlalchemy import Engine, make_url, text

ACCOUNTS = 220_000  # as many as our own preloaded budgets have
TRANSFERS_BEFORE = 50_000
ACCOUNTS_OF_A_PROCESS = 2_000

# hordak's triggers are on here too. Its models would take hours: only the measured part needs them.
_PRELOAD = (
    """INSERT INTO hordak_account (uuid, name, type, is_bank_account, currencies, lft, rght,
                                   tree_id, level)
       SELECT gen_random_uuid(), 'Account ' || i, 'LI', false, '["GBP"]', 1, 2, i, 0
       FROM generate_series(1, :accounts) AS i""",
    """INSERT INTO hordak_transaction (uuid, timestamp, date, description)
       SELECT gen_random_uuid(), now(), current_date, 'A purchase.'
       FROM generate_series(1, :transfers)""",
    "ANALYZE hordak_account, hordak_transaction",  # their rows are looked for at each leg
    """INSERT INTO hordak_leg (uuid, transaction_id, account_id, credit, debit, currency,
                               description)
       SELECT gen_random_uuid(), t.id, first + (t.id + side) % :accounts, credit, debit, 'GBP', ''
       FROM hordak_transaction AS t,
            (VALUES (0, 0.35, NULL), (1, NULL, 0.35)) AS sides (side, credit, debit),
            (SELECT min(id) AS first FROM hordak_account) AS account""",
)

# Each finds nothing where the books add up. A balance is the sum of an account's legs.
_BREACHES = (
    """SELECT 'the sum', sum(balance)
       FROM (SELECT sum(coalesce(credit, 0) - coalesce(debit, 0)) AS balance
             FROM hordak_account AS a JOIN hordak_leg AS l ON l.account_id = a.id
             GROUP BY a.id) AS balances
       HAVING sum(balance) <> 0""",
    """SELECT 'transaction', t.id
       FROM hordak_transaction AS t LEFT JOIN hordak_leg AS l ON l.transaction_id = t.id
       GROUP BY t.id HAVING count(l.id) <> 2 OR sum(credit) <> sum(debit) LIMIT 3""",
)


def open_books(url: str) -> None:
    """Tell Django which database it is; once in a process, and before its models are imported."""
    database = make_url(url)
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": database.database,
                "USER": database.username,
                "PASSWORD": database.password,
                "HOST": database.host,
                "PORT": database.port,
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", "mptt", "hordak"],
        DEFAULT_CURRENCY="GBP",
        LOGGING_CONFIG=None,
        USE_TZ=True,
    )
    django.setup()


def prepare(url: str, engine: Engine) -> None:
    """Run hordak's migrations, and fill its tables through ``engine``."""
    open_books(url)
    call_command("migrate", verbosity=0)
    of_django.close()
    values = {"accounts": ACCOUNTS, "transfers": TRANSFERS_BEFORE}
    with engine.begin() as connection:
        for statement in _PRELOAD:
            connection.execute(text(statement), values if ":" in statement else {})


def transfers(url: str) -> Callable[[], object]:
    """Return what makes one transfer, of 7p between two accounts that are in memory already."""
    open_books(url)
    from hordak.models import Account  # noqa: PLC0415 - only now does Django let itself be asked
    from moneyed import Money  # noqa: PLC0415

    first = Account.objects.order_by("id").values_list("id", flat=True)[0]
    ids = random.sample(range(first, first + ACCOUNTS), ACCOUNTS_OF_A_PROCESS)
    accounts = list(Account.objects.filter(id__in=ids))
    amount = Money("0.07", "GBP")

    def transfer() -> object:
        one, other = random.sample(accounts, 2)
        return one.transfer_to(other, amount, description="A purchase.")

    return transfer


def see_that_the_books_add_up(engine: Engine) -> None:
    """Make sure that all balances together are nothing, and each transaction is whole.

    Raises:
        AssertionError: names what does not add up; the figures are worth nothing then.
    """
    with engine.connect() as connection:
        for question in _BREACHES:
            breaches = connection.execute(text(question)).all()
            if breaches:
                raise AssertionError(breaches)
