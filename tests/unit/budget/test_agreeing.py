"""When shares can be agreed on, and who can be partners."""

from datetime import date
from uuid import UUID

import pytest

from services.budget.agreements.rules import (
    AgreementOverlapError,
    DisputedSharesNotEqualError,
    Funding,
    SharesNotWholeError,
    SignatureMissingError,
    see_that_it_follows,
    see_that_it_is_signed,
    see_that_shares_are_whole,
)
from services.budget.funders.rules import (
    FunderKind,
    PartnersWrongError,
    PoolDatesWrongError,
    see_that_dates_follow,
    see_that_they_can_pool,
)

NHS, ANOTHER_NHS, COUNCIL = (UUID(int=place) for place in (1, 2, 3))
MAY, JUNE, JULY = (date(2026, month, 1) for month in (5, 6, 7))


def shares(**weights):
    ids = {"nhs": NHS, "another_nhs": ANOTHER_NHS, "council": COUNCIL}
    return [Funding(funder_id=ids[name], weight=weight) for name, weight in weights.items()]


# Whole shares


@pytest.mark.parametrize(
    ("fundings", "denominator"),
    [
        (shares(nhs=6_000, council=4_000), 10_000),
        (shares(nhs=1, another_nhs=1, council=1), 3),
        (shares(nhs=1), 1),
        (shares(nhs=10, council=0), 10),
    ],
)
def test_shares_that_make_a_whole_are_taken(fundings, denominator):
    see_that_shares_are_whole(fundings=fundings, denominator=denominator)


@pytest.mark.parametrize(
    "fundings",
    [
        shares(nhs=5_000, council=4_999),
        shares(nhs=5_000, council=5_001),
        shares(nhs=10_001, council=-1),
        shares(nhs=0, council=0),
        [*shares(nhs=5_000), *shares(nhs=5_000)],
    ],
)
def test_shares_that_do_not_make_a_whole_are_refused(fundings):
    with pytest.raises(SharesNotWholeError) as refused:
        see_that_shares_are_whole(fundings=fundings, denominator=10_000)

    total = sum(funding.weight for funding in fundings)
    assert refused.value.code == "shares_not_whole"
    assert refused.value.details == {"total": total, "denominator": 10_000}


# Signed, or disputed


@pytest.mark.parametrize(
    ("fundings", "signed_by", "is_disputed"),
    [
        (shares(nhs=6, council=4), [NHS, COUNCIL], False),
        (shares(nhs=1, council=0), [NHS], False),
        (shares(nhs=1), [], False),
        (shares(nhs=5, council=5), [], True),
        (shares(nhs=1, another_nhs=1, council=1), [], True),
    ],
)
def test_what_is_signed_by_all_who_pay_or_disputed_in_equal_parts_is_taken(
    fundings, signed_by, is_disputed
):
    see_that_it_is_signed(fundings=fundings, signed_by=signed_by, is_disputed=is_disputed)


@pytest.mark.parametrize("signed_by", [[], [NHS], [COUNCIL], [ANOTHER_NHS]])
def test_nobody_is_bound_to_shares_that_a_partner_has_not_signed(signed_by):
    with pytest.raises(SignatureMissingError) as refused:
        see_that_it_is_signed(
            fundings=shares(nhs=6, council=4), signed_by=signed_by, is_disputed=False
        )

    missing = len({NHS, COUNCIL} - set(signed_by))
    assert (refused.value.code, refused.value.details) == (
        "signature_missing",
        {"missing": missing},
    )


def test_disputed_shares_are_equal_whoever_signed():
    with pytest.raises(DisputedSharesNotEqualError) as refused:
        see_that_it_is_signed(
            fundings=shares(nhs=6, council=4), signed_by=[NHS, COUNCIL], is_disputed=True
        )

    assert refused.value.code == "disputed_shares_not_equal"


# One after the other


@pytest.mark.parametrize(
    ("newest_starts_on", "is_newest_disputed"),
    [(None, False), (MAY, False), (MAY, True), (JUNE, True)],
)
def test_an_agreement_starts_after_the_one_before_or_decides_it_from_its_first_day(
    newest_starts_on, is_newest_disputed
):
    see_that_it_follows(
        starts_on=JUNE, newest_starts_on=newest_starts_on, is_newest_disputed=is_newest_disputed
    )


@pytest.mark.parametrize(
    ("newest_starts_on", "is_newest_disputed"), [(JUNE, False), (JULY, False), (JULY, True)]
)
def test_what_is_agreed_for_a_day_is_not_agreed_otherwise(newest_starts_on, is_newest_disputed):
    with pytest.raises(AgreementOverlapError) as refused:
        see_that_it_follows(
            starts_on=JUNE, newest_starts_on=newest_starts_on, is_newest_disputed=is_newest_disputed
        )

    assert refused.value.code == "agreement_overlap"


# Pools

BOTH = (FunderKind.NHS, FunderKind.COUNCIL)


@pytest.mark.parametrize(
    ("host_id", "partner_ids", "kinds"),
    [
        (NHS, [NHS, COUNCIL], BOTH),
        (COUNCIL, [NHS, COUNCIL], BOTH),
        (ANOTHER_NHS, [NHS, ANOTHER_NHS, COUNCIL], (FunderKind.NHS, *BOTH)),
    ],
)
def test_nhs_bodies_and_councils_make_a_pool_that_one_of_them_hosts(host_id, partner_ids, kinds):
    see_that_they_can_pool(host_id=host_id, partner_ids=partner_ids, kinds=kinds)


@pytest.mark.parametrize(
    ("host_id", "partner_ids", "kinds"),
    [
        (ANOTHER_NHS, [NHS, COUNCIL], BOTH),
        (NHS, [NHS, NHS, COUNCIL], (FunderKind.NHS, *BOTH)),
        (NHS, [NHS, ANOTHER_NHS], (FunderKind.NHS, FunderKind.NHS)),
        (COUNCIL, [COUNCIL], (FunderKind.COUNCIL,)),
        (NHS, [NHS, COUNCIL, ANOTHER_NHS], (*BOTH, FunderKind.PERSON)),
    ],
)
def test_without_both_sides_or_a_host_among_them_there_is_no_pool(host_id, partner_ids, kinds):
    with pytest.raises(PartnersWrongError) as refused:
        see_that_they_can_pool(host_id=host_id, partner_ids=partner_ids, kinds=kinds)

    assert refused.value.code == "partners_wrong"


@pytest.mark.parametrize("ends_on", [None, JULY])
def test_a_pool_may_have_an_end_after_its_start(ends_on):
    see_that_dates_follow(starts_on=JUNE, ends_on=ends_on)


@pytest.mark.parametrize("ends_on", [JUNE, MAY])
def test_a_pool_does_not_end_before_it_begins(ends_on):
    with pytest.raises(PoolDatesWrongError) as refused:
        see_that_dates_follow(starts_on=JUNE, ends_on=ends_on)

    assert refused.value.code == "dates_wrong"
