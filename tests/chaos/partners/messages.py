"""Messages as a partner's system might send them: as they should be, changed, and hostile.

All follow from a seed. Each says whether it has an id that an answer can name.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.partners.agreements.rules import Agreement

AT = "2026-11-24T10:00:00+00:00"
REFERRAL, ADMISSION = "referral.submit.v1", "admission.notify.v1"
DEATH, CONSENT = "death.notify.v1", "consent.record.v1"
DEPTHS = (30, 500, 20_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message, and what it is made to be."""

    partner: str
    key: str  # the routing key under which the broker takes it
    body: bytes
    kind: str  # how it was made: said where something is wrong with what came of it
    message_id: str | None  # to which an answer is due; None: nobody can be answered


class Mill:
    """Makes messages of one partner."""

    def __init__(self, agreement: Agreement, *, seed: int) -> None:
        self._agreement = agreement
        self._random = random.Random(f"{seed}/{agreement.code}")

    def new_id(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def referral(self) -> Sent:
        """Refer somebody whom nobody else is like."""
        number = self._random.randrange(10**9)
        person = {
            "given_name": f"Given{number}",
            "family_name": f"Family{number}",
            "birth_date": f"{1930 + number % 70}-0{1 + number % 9}-1{number % 10}",
            "address_lines": [f"{number % 200} High Street", "ZZ99 3WZ"],
            "ethnic_category": "Z",
            "language": "en",
            "interpreter_required": False,
            "preferred_channel": "letter",
            "safe_to_text": False,
        }
        data = {
            "basis": "local_offer",
            "condition_group": "mental_health",
            "urgency": "routine",
            "received_on": "2026-11-23",
            "consent_to_share": True,
            "person": person,
        }
        return self.sent(self.envelope(REFERRAL, data), kind="valid")

    def admission(self, person_id: str) -> Sent:
        data = {"person_id": person_id, "admitted_on": "2026-11-23"}
        return self.sent(self.envelope(ADMISSION, data), key=ADMISSION, kind="valid")

    def death(self, person_id: str) -> Sent:
        data = {"person_id": person_id, "died_on": "2026-11-23"}
        return self.sent(self.envelope(DEATH, data), key=DEATH, kind="valid")

    def consent(self, person_id: str, organisation: str) -> Sent:
        """Report that a person agrees that a body takes part in their assessment."""
        data = {
            "person_id": person_id,
            "purpose": "assessment",
            "organisation": organisation,
            "given_on": "2026-11-23",
            "evidence": "They said so.",
        }
        return self.sent(self.envelope(CONSENT, data), key=CONSENT, kind="valid")

    def envelope(self, message_type: str, data: object) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": self.new_id(),
            "source": self._agreement.source(self._agreement.systems[0]),
            "type": f"uk.commonpurse.{message_type}",
            "time": AT,
            "data": data,
        }

    def sent(self, message: dict[str, Any], *, kind: str, key: str = REFERRAL) -> Sent:
        return self._sent(json.dumps(message).encode(), kind, message["id"], key)

    def mutated(self) -> Sent:
        """Spoil something of a message that was as it should be; never its id."""
        message = json.loads(self.referral().body)
        if self._random.random() < 0.3:
            message |= self.envelope(ADMISSION, {"person_id": "", "admitted_on": "2026-11-23"})
        places = [one for one in _places(message) if one[-1] != "id"]
        # What is spoilt once may still be as it should be; twice it seldom is.
        for path in self._random.sample(places, k=self._random.choice((1, 1, 2))):
            self._spoil(message, path)
        kind = "mutated"
        return self.sent(message, kind=kind)

    def _spoil(self, message: Any, path: Sequence[str | int]) -> None:
        *way, last = path
        with suppress(KeyError, IndexError, TypeError):  # it was in what is spoilt already
            for step in way:
                message = message[step]
            if isinstance(message, dict) and self._random.random() < 0.2:
                del message[last]
            elif isinstance(message, dict) and self._random.random() < 0.1:
                message[self._random.choice(_KEYS)] = self._value()
            else:
                message[last] = self._value()

    def _value(self) -> Any:
        return self._random.choice(_VALUES)

    def hostile(self) -> Sent:
        """Write what no honest system writes."""
        return self._random.choice(_HOSTILE)(self)

    def again(self, former: Sent) -> Sent:
        """Send the same bytes once more."""
        return self._sent(former.body, "copy", former.message_id, former.key)

    def reused(self, former: Sent) -> Sent:
        """Send another content under an id that was used."""
        message = json.loads(self.referral().body) | {"id": former.message_id}
        return self.sent(message, kind="id_reused")

    def _sent(self, body: bytes, kind: str, message_id: str | None, key: str = REFERRAL) -> Sent:
        return Sent(
            partner=self._agreement.code, key=key, body=body, kind=kind, message_id=message_id
        )

    # What no honest system writes

    def _too_large(self) -> Sent:
        message = self.envelope(REFERRAL, {"basis": "x" * 300_000})
        return self._sent(json.dumps(message).encode(), "too_large", None)

    def _too_deep(self) -> Sent:
        depth = self._random.choice(DEPTHS)
        body = self._with_data("[" * depth + "]" * depth)
        return self._sent(body, "too_deep", None)

    def _unclosed(self) -> Sent:
        return self._sent(b'{"a":' * self._random.choice(DEPTHS), "unclosed", None)

    def _not_utf8(self) -> Sent:
        body = self.referral().body
        place = self._random.randrange(len(body))
        return self._sent(body[:place] + b"\xff\xfe" + body[place:], "not_utf8", None)

    def _other_encoding(self) -> Sent:
        encoding = self._random.choice(("utf-16", "utf-32", "utf-8-sig"))
        return self._sent(self.referral().body.decode().encode(encoding), encoding, None)

    def _cut(self) -> Sent:
        body = self.referral().body
        return self._sent(body[: self._random.randrange(len(body))], "cut", None)

    def _duplicate_key(self) -> Sent:
        body = self.referral().body
        twice = self._random.choice((b'"type": "x", ', b'"id": "x", ', b'"data": {}, '))
        return self._sent(b"{" + twice + body[1:], "duplicate_key", None)

    def _duplicate_key_inside(self) -> Sent:
        return self._sent(self._with_data('{"basis": "a", "basis": "b"}'), "duplicate_inside", None)

    def _no_id(self) -> Sent:
        message = self.envelope(REFERRAL, {})
        message["id"] = self._random.choice(_NO_IDS)
        return self._sent(json.dumps(message).encode(), "no_id", None)

    def _no_envelope(self) -> Sent:
        body = self._random.choice((b"", b"[]", b"null", b'"text"', b"7", b"{}", b"\0", b" " * 99))
        return self._sent(body, "no_envelope", None)

    def _noise(self) -> Sent:
        return self._sent(self._random.randbytes(self._random.randrange(2, 2_000)), "noise", None)

    def _no_number(self) -> Sent:
        number = self._random.choice(("NaN", "Infinity", "-Infinity", "9" * 5_000))
        return self._sent(self._with_data(f'{{"basis": {number}}}'), "no_number", None)

    def _enormous_number(self) -> Sent:
        message = self.envelope(REFERRAL, {"basis": 0})
        number = self._random.choice(("1e999", "-1e999", str(2**64), "9" * 4_000, "1e-999", "-0.0"))
        body = json.dumps(message).replace('"basis": 0', f'"basis": {number}').encode()
        return self._sent(body, "enormous_number", message["id"])

    def _long_key(self) -> Sent:
        key = self._random.choice(("k", "\0", "\u00e9", "\U0001f600", '"', "\ud800")) * 20_000
        return self.sent(self.envelope(REFERRAL, {key: 1}), kind="long_key")

    def _many_keys(self) -> Sent:
        data = dict.fromkeys(map(str, range(15_000)), 0)
        return self.sent(self.envelope(REFERRAL, data), kind="many_keys")

    def _other_sender(self) -> Sent:
        message = json.loads(self.referral().body)
        message["source"] = self._random.choice(_OTHER_SOURCES)
        return self.sent(message, kind="other_sender")

    def _other_type(self) -> Sent:
        message = json.loads(self.referral().body)
        message["type"] = self._random.choice(_OTHER_TYPES)
        return self.sent(message, kind="other_type")

    def _odd_id(self) -> Sent:
        """Write an id in another way that is one all the same."""
        message = self.envelope(REFERRAL, {})
        own = message["id"]
        odd = self._random.choice(
            (own.upper(), f"{{{own}}}", f"urn:uuid:{own}", own.replace("-", ""))
        )
        body = json.dumps({**message, "id": odd}).encode()
        return self._sent(body, "odd_id", own)

    def _with_data(self, written: str) -> bytes:
        message = self.envelope(REFERRAL, "DATA")
        return json.dumps(message).replace('"DATA"', written).encode()


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Return the path to everything within a message."""
    if isinstance(value, dict | list):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield (*path, step)
            yield from _places(value[step], (*path, step))


_HOSTILE: Sequence[Callable[[Mill], Sent]] = (
    Mill._too_large,
    Mill._too_deep,
    Mill._unclosed,
    Mill._not_utf8,
    Mill._other_encoding,
    Mill._cut,
    Mill._duplicate_key,
    Mill._duplicate_key_inside,
    Mill._no_id,
    Mill._no_envelope,
    Mill._noise,
    Mill._no_number,
    Mill._enormous_number,
    Mill._long_key,
    Mill._many_keys,
    Mill._other_sender,
    Mill._other_type,
    Mill._odd_id,
)
_NO_IDS = ("", "1", 7, None, [], {}, True, "x" * 36, "\ud800", "\0", "../../x", 1e308)
_OTHER_SOURCES = (
    "/org/aldermoor-trust/pharmacy",
    "/org/someone-else/records",
    "/commonpurse/partners",
    "",
    "/org/aldermoor-trust/records\0",
    "/ORG/ALDERMOOR-TRUST/RECORDS",
)
_OTHER_TYPES = (
    "uk.commonpurse.referral.submit.v2",
    "uk.commonpurse.referral.submit.v1\n",
    "uk.commonpurse.referral.burn.v1",
    "uk.commonpurse.budget.hold_placed.v1",
    "uk.commonpurse.reply.accepted.v1",
    "referral.submit.v1",
    "uk.commonpurse." + "a" * 5_000 + ".b.v1",
    "uk.commonpurse.a.b.v" + "9" * 5_000,
)
_KEYS = ("", "ward", "\0", "\ud800", "__proto__", "Thistlewood", "x" * 300, "data", "id ")
_VALUES: Sequence[Any] = (
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    -(2**70),
    1.5,
    1e308,
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udc00 \ud83d",
    "\u202eevil\u202c",
    "'; DROP TABLE referrals; --",
    "${jndi:ldap://example.org}",
    "{{7*7}}",
    "%s%n%x",
    "x" * 5_000,
    "\U0001f600" * 300,
    [],
    {},
    [[]],
    {"a": {}},
    ["x"] * 100,
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "10000-01-01",
    "2026-11-24T10:00:00",
    "2026-11-24T10:00:00+99:99",
    "2026-11-24T10:00:00-23:59",
    "2026-11-24T24:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-11-24T10:00:00.123456789Z",
    "2026-W48-2",
    "20261124",
    "\u0662\u0660\u0662\u0666-11-24",
    "-1",
    "1e9",
    "NaN",
)
