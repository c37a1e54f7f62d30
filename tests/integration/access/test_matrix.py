"""Every role and every operation, of one's own record, a neighbour's, a stranger's and none.

What must happen follows from policy.toml; what does happen is asked of the services, each on its
own PostgreSQL, by whoever is just what the policy asks for, and by whoever is all but that.
"""

from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import text

from access.relations import OF_PAYERS
from shared.errors import NotKnownYetError, OutOfScopeError
from tests.integration.access.asking import requests_of, routes
from tests.integration.access.cells import ANYBODY, NOTHING, POLICY, cells
from tests.integration.access.world import BOARD, NEIGHBOUR, OWN, STRANGER
from tests.integration.order.recorded import ids_in
from tests.unit.gateway.forms import form_of, taken

OUT_OF_SCOPE = OutOfScopeError().as_answer()
DENIED = {  # by whether it is a command: the same words for what is not there and not theirs
    False: OUT_OF_SCOPE,
    True: NotKnownYetError(OUT_OF_SCOPE["message"]).as_answer(),
}
# Whoever may have a record gets what is asked, or is told why not. These would say that our request
# was wrong, or that the record was not seen: the cell would show nothing.
SAYS_NOTHING = {"invalid_request", "not_you", "not_known_yet", "not_found", "id_reused"}
# There, but not in the state that is asked about: the same code, with words of its own.
SAYS_SO_ITSELF = {
    "notifications.record_seen_to": "No such message waits for somebody.",
    "notifications.retry_by_other_channel": "No such message waits for somebody.",
}
# About nobody, and an id in it leads to somebody all the same: why that is right.
NAMES_SOMEBODY = {
    "assessment.receive_referral": "the id is that of the new referral",
    "payments.propose_exclusion": "a rule for one item is a rule, which everybody reads",
}
# About all whom somebody may see: why there is nobody's record in it for anybody in the matrix.
SHOWS_NOBODY = {
    "assessment.emergency_accesses_to_answer": "nobody of the matrix was named",
    "assessment.open_tasks": "nothing in the first case is left to do",
    "assessment.represented": "nobody of the matrix was appointed",
    "budget.period_statement": "nobody closed a period",
    "budget.recharge": "what bodies owe one another is nobody's",
    "budget.recharge_lines": "the invoice has no lines",
    "payments.open_holds": "nothing was held for long",
    "payments.refund_queue": "nothing was paid back",
}
# Of the books as a document; whose budgets are in it is in no row of a list.
WRITTEN_ONCE = {
    "budget.auditor_statement",
    "budget.funder_statement",
    "budget.journals_export",
    "budget.recharge",  # bodies alone: whose ids are taken here for those of who has them pay
    "budget.recharge_lines",
}
# Of so many tables there are rows of the person; of the others, that there is a policy is all.
SEEN_AT_LEAST = {"assessment": 30, "budget": 22, "payments": 17, "notifications": 10}
OF_TWO_PEOPLE = {"identity_questions"}  # whether they are one: no query shows it to either
IN_SCOPE = text("SELECT tablename FROM pg_policies WHERE policyname = 'in_scope'")
PEOPLE = text("SELECT set_config('commonpurse.people', :people, true)")
SIDE = text("SELECT set_config('commonpurse.side', :side, true)")
ON_SIDE = text("SELECT tablename FROM pg_policies WHERE policyname = 'on_side'")
EACH = pytest.mark.parametrize("operation", sorted(POLICY.rules))


@pytest.fixture
def service(house, operation):
    return house[operation.partition(".")[0]]


def ids_of(somebody):
    return {"person_id": str(somebody.person_id), **somebody.ids}


def asked_in(cell, service):
    """Return what somebody asks in a cell, and as whom they do."""
    own, whose = service.people[OWN], service.people.get(cell.whose)
    ids = ids_of(whose) if whose else {name: str(uuid4()) for name in ids_of(own)}
    visitor = cell.visitor(own.person_id)
    return requests_of(cell.operation, ids, visitor=visitor), visitor


def is_in(operation, service, kind):
    return operation.partition(".")[2] in getattr(service.service.access, kind)


def must_be_let(cell, request, service):
    """Whether the policy lets them: about nobody, or about all, whoever has the role may ask."""
    is_of_all = is_in(cell.operation, service, "about_many")
    sides = sides_named(cell.operation, request, service)
    if sides and not cell.may_name_side(cell.whose):
        return False
    if not sides and cell.enough <= OF_PAYERS and not cell.may_name_side(ANYBODY):
        return False
    return (
        is_in(cell.operation, service, "about_nobody")
        or (is_of_all and not named(request, service))
        or cell.may_have(cell.whose)
    )


def sides_named(operation, request, service):
    """Return the fields in a request that lead to whose money it is."""
    sides, name = service.service.access.sides, operation.partition(".")[2]
    ways = sides.ways if sides else {}
    return [
        field
        for field in request
        if request[field] is not None
        and {field, f"{name}.{field}"} & set(ways)
        and f"{name}.{field}" not in sides.new
    ]


def named(request, service):
    """Return the fields in a request that lead to somebody."""
    return [name for name in service.service.access.ways if request.get(name)]


def shown(answered):
    return ids_in(answered.answer.get("result"))


def differences(cell, service):
    """Say in what one cell is not as the policy has it."""
    requests, visitor = asked_in(cell, service)
    for request in requests:
        answered = service.ask(cell.operation, request, visitor=visitor)
        let = must_be_let(cell, request, service)
        found = if_let(cell, answered, service) if let else if_denied(cell, answered, service)
        yield from (f"{cell}: {one}" for one in found)


def is_command(cell):
    return routes()[cell.operation].is_command


def if_denied(cell, answered, service):
    denied = DENIED[is_command(cell)]
    if answered.answer != {"refusal": denied}:
        yield f"not denied but answered {answered.answer}"
    if is_in(cell.operation, service, "about_nobody"):
        if answered.written:
            yield f"denied, about nobody, and {answered.written} were written"
        return
    if answered.written != ["audit_entries"]:
        yield f"denied, and {answered.written} were written"
    code = denied["code"]
    if [(one["outcome"], one.get("person_id")) for one in answered.entries] != [(code, None)]:
        yield f"written down as {answered.entries}"


def if_let(cell, answered, service):
    refusal = answered.answer.get("refusal", {"code": "done"})
    is_in_doubt = refusal["code"] in SAYS_NOTHING and cell.whose != NOTHING
    if is_in_doubt and SAYS_SO_ITSELF.get(cell.operation) != refusal["message"]:
        yield f"refused {refusal}"
    if not is_command(cell) and set(answered.written) - {"audit_entries"}:
        yield f"a question, and {answered.written} were written"
    outcomes = [] if is_in(cell.operation, service, "about_nobody") else [refusal["code"]]
    if sorted({entry["outcome"] for entry in answered.entries}) != outcomes:
        yield f"written down as {answered.entries}"
    told = {str(entry.get("person_id")) for entry in answered.entries}
    if answered.written.count("audit_entries") > 1 or len(told) < len(answered.entries):
        yield f"written down more than once: {answered.entries}"
    yield from if_shown(cell, answered, service, told)


def if_shown(cell, answered, service, told):
    """Say who is shown to whom they must not be, or does not see that they were."""
    is_list = is_in(cell.operation, service, "about_many") and not is_command(cell)
    for whose, somebody in service.people.items():
        seen = shown(answered) & somebody.all_ids
        if seen and not cell.may_have(whose):
            yield f"shows {seen} of {whose}"
        is_due = bool(seen) and is_list and cell.operation not in WRITTEN_ONCE
        if is_due and str(somebody.person_id) not in told:
            yield f"shows {seen} of {whose}, who does not see that"


@EACH
def test_each_role_has_what_the_policy_lets_it_have_and_nothing_else(service, operation):
    found = [one for cell in cells(operation) for one in differences(cell, service)]

    assert not found, "\n".join(found)


@EACH
def test_ids_of_two_people_lead_nowhere(service, operation):
    """Whoever may have the record of one of them reaches the other's by no second id."""
    cell = next(cells(operation))
    if not cell.is_relation_needed or is_in(operation, service, "about_nobody"):
        return
    requests, visitor = asked_in(cell, service)
    others = [service.people[NEIGHBOUR], service.people[STRANGER]]
    for request in requests:
        names = set(named(request, service)) - {routes()[operation].new}
        mixed = list(product(names if len(names) > 1 else (), others))
        sides = [one for one in sides_named(operation, request, service) if one not in names]
        mixed += product(sides if names else (), others[1:])  # a neighbour's money is theirs, too
        for name, other in mixed:
            answered = service.ask(
                operation, request | {name: ids_of(other)[name]}, visitor=visitor
            )
            assert not list(if_denied(cell, answered, service)), name


def test_what_is_about_nobody_names_nobody(house):
    """Of these, no service looks whose they are: none may lead to somebody unseen."""
    names = {
        operation
        for operation in POLICY.rules
        for service in [house[operation.partition(".")[0]]]
        if is_in(operation, service, "about_nobody")
        and set(taken(form_of(operation))) & set(service.service.access.ways)
    }

    assert names == set(NAMES_SOMEBODY)


def test_lists_hold_what_is_theirs(house):
    """Or else the matrix would not see it if they held what is another's."""
    empty = set()
    for operation in POLICY.rules:
        service = house[operation.partition(".")[0]]
        if is_in(operation, service, "about_many") and not routes()[operation].is_command:
            own = [cell for cell in cells(operation) if cell.whose == OWN and cell.may_have(OWN)]
            answers = [
                service.ask(operation, request, visitor=visitor)
                for cell in own
                for requests, visitor in [asked_in(cell, service)]
                for request in requests
            ]
            if not any(shown(one) & service.people[OWN].all_ids for one in answers):
                empty.add(operation)

    assert sorted(empty) == sorted(SHOWS_NOBODY)


def test_what_sounds_like_a_denial_still_does(house):
    for operation, words in SAYS_SO_ITSELF.items():
        service, cell = house[operation.partition(".")[0]], next(cells(operation))
        (request,), visitor = asked_in(cell, service)

        refusal = service.ask(operation, request, visitor=visitor).answer["refusal"]

        assert (refusal["code"], refusal["message"]) == ("not_found", words)


@pytest.mark.parametrize("name", SEEN_AT_LEAST)
def test_the_same_query_without_a_scope_returns_no_rows(house, name):
    """And in the scope of one person, none in which there is an id of somebody else."""
    own, *others = house[name].people.values()
    seen = set()
    with house[name].engine.begin() as connection:
        tables = connection.scalars(IN_SCOPE).all()
        connection.execute(text(f"SET LOCAL ROLE {name}_reader"))
        connection.execute(SIDE, {"side": "*"})
        for table in tables:
            rows = text(f"SELECT row_to_json(t)::text FROM {table} AS t")  # noqa: S608 - its own name
            connection.execute(PEOPLE, {"people": "{}"})
            assert ids_in(connection.scalars(rows).all()).isdisjoint(own.all_ids), table
            connection.execute(PEOPLE, {"people": f"{{{own.person_id}}}"})
            found = ids_in(connection.scalars(rows).all())
            if table not in OF_TWO_PEOPLE:
                assert all(found.isdisjoint(other.all_ids) for other in others), table
            seen |= {table} if found & own.all_ids else set()

    assert len(seen) >= SEEN_AT_LEAST[name], sorted(set(tables) - seen)


def test_the_same_query_from_one_side_returns_no_row_of_the_other(house):
    """And from none, or from a side that is nobody's, no row at all."""
    seen = set()
    with house["budget"].engine.begin() as connection:
        connection.execute(text("SET LOCAL ROLE budget_reader"))
        people = ",".join(str(one.person_id) for one in house["budget"].people.values())
        connection.execute(PEOPLE, {"people": f"{{{people}}}"})
        funders = connection.execute(text("SELECT funder_id, organisation FROM funders")).all()
        others = {str(row.funder_id) for row in funders if row.organisation != BOARD}
        for table in connection.scalars(ON_SIDE).all():
            rows = text(f"SELECT row_to_json(t)::text FROM {table} AS t")  # noqa: S608 - its own name
            for side in ("", "council"):
                connection.execute(SIDE, {"side": side})
                assert connection.scalars(rows).all() == [], (table, side)
            connection.execute(SIDE, {"side": BOARD})
            found = connection.scalars(rows).all()
            if table not in {"recharge_invoices", "recharge_lines"}:  # they are of two
                assert ids_in(found).isdisjoint(others), table
            seen |= {table} if found else set()

    assert seen >= {"accounts", "contributions", "hold_portions", "postings", "recharge_invoices"}
