"""Lists of several services become one, and no entry is lost or shown twice from page to page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.merging import Merge, by_due_date, newest_first
from services.gateway.problems import ProblemError

SERVICES = ("assessment.log", "budget.log", "payments.log")
logs = st.dictionaries(
    st.sampled_from(SERVICES),
    st.lists(st.integers(0, 30), max_size=12).map(lambda days: sorted(days, reverse=True)),
)


def asking(known):
    """Answer as services do: entries before one, the newest first, at most so many."""

    def ask(operation, more):
        entries = known.get(operation)
        if entries is None:
            return None
        before = more["before"]
        older = [one for one in entries if before is None or one["seq"] < before]
        return older[: more["most"]]

    return ask


def entries_of(days):
    return [
        {"seq": len(days) - place, "at": f"2026-11-{day:02}", "operation": "statement"}
        for place, day in enumerate(days)
    ]


def every_page(known, limit):
    pages, cursor = [], None
    while True:
        page, cursor, _ = newest_first(asking(known), SERVICES, cursor=cursor, limit=limit)
        pages.append(page)
        if cursor is None:
            return pages


@given(logs=logs, limit=st.integers(1, 7))
def test_page_by_page_everything_comes_once_and_the_newest_first(logs, limit):
    known = {operation: entries_of(days) for operation, days in logs.items()}

    shown = [one for page in every_page(known, limit) for one in page]

    assert [one["at"] for one in shown] == sorted((one["at"] for one in shown), reverse=True)
    there_is = {(name, one["seq"]) for name, entries in known.items() for one in entries}
    assert sorted((f"{one['service']}.log", one["seq"]) for one in shown) == sorted(there_is)


def test_a_service_that_is_away_is_named():
    known = {"budget.log": entries_of([3, 2])}

    page, _, away = newest_first(asking(known), SERVICES)

    assert [one["service"] for one in page] == ["budget", "budget"]
    assert away == ["assessment", "payments"]


def test_what_is_due_first_is_at_the_head_whosever_it_is():
    due = {"assessment.log": ["2026-11-03", "2026-11-09"], "budget.log": ["2026-11-05"]}

    def ask(operation, more):
        return [{"task_id": day, "due_at": day} for day in due.get(operation, [])]

    first, cursor, _ = by_due_date(ask, SERVICES, limit=2)
    second, end, _ = by_due_date(ask, SERVICES, cursor=cursor, limit=2)

    assert [one["due_at"] for one in (*first, *second)] == [
        "2026-11-03",
        "2026-11-05",
        "2026-11-09",
    ]
    assert end is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "e30",
        "bnVsbA==",
        "WzFd",
        "eyJ4IjogMX0=",
        "eyJidWRnZXQubG9nIjogIjEifQ==",
        "A" * 2_000,
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(cursor):
    with pytest.raises(ProblemError, match="bad_cursor"):
        newest_first(asking({}), SERVICES, cursor=cursor)


@pytest.mark.parametrize(("roles", "shown"), [(("budget_holder",), 1), (("auditor",), 2)])
def test_what_is_held_for_safety_is_left_out(roles, shown):
    merge = Merge(
        operations=SERVICES,
        paged=newest_first,
        unseen=frozenset({"payments.hold"}),
        seen_by=frozenset({"auditor"}),
    )
    items = [{"service": "payments", "operation": name} for name in ("hold", "statement")]

    assert len(merge.visible(items, roles=roles)) == shown
