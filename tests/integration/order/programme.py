"""A programme: in which order, how often and how late the messages of a play come."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from shared.errors import NotKnownYetError
from tests.integration.order import recorded
from tests.integration.order.recorded import Line, ids_in
from tests.integration.order.stage import Stage, known, subscriptions

MOST_REPEATS = 8
MOST_WITHHELD = 8
LATE = 12


class _Shown:
    """Shown in few words when an example fails."""

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))


@dataclass(frozen=True, kw_only=True, repr=False)
class Message(_Shown):
    """One thing that a service is told: an event, a command, or news from outside.

    ``tell`` raises ``NotKnownYetError`` when the message has to come again. ``tell_anew`` says
    the same under another message id; where that would be something else, there is none.
    """

    name: str
    tell: Callable[[Stage], None]
    tell_anew: Callable[[Stage, int], None] | None = None
    after: frozenset[str] = frozenset()  # without which nobody could have said it
    is_repeated: bool = True  # an errand is settled by one worker, once

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True, repr=False)
class Repeat(_Shown):
    """A message once more, under the same id or a new one."""

    message: Message
    number: int
    is_anew: bool

    @property
    def after(self) -> frozenset[str]:
        return self.message.after

    def tell(self, stage: Stage) -> None:
        if self.is_anew and self.message.tell_anew is not None:
            self.message.tell_anew(stage, self.number)
        else:
            self.message.tell(stage)

    def __repr__(self) -> str:
        return f"{self.message}{' anew' if self.is_anew else ''} again"


@dataclass(frozen=True, kw_only=True)
class Programme:
    """What comes in which order, and what only comes when nothing else goes on."""

    order: Sequence[Message | Repeat]
    withheld: Sequence[Message | Repeat] = ()


@st.composite
def programmes(draw: st.DrawFn, messages: Sequence[Message]) -> Programme:
    """Draw any order of the messages, some of them oftener than once, some held back.

    At the end old ones come anew, when newer ones are known.
    """
    order: list[Message | Repeat] = list(draw(st.permutations(messages)))
    for repeat in draw(st.lists(_repeats_of(messages), max_size=MOST_REPEATS)):
        order.insert(draw(st.integers(0, len(order))), repeat)
    places = draw(st.sets(st.integers(0, len(order) - 1), max_size=MOST_WITHHELD))
    late = st.lists(_repeats_of(messages, anew=st.just(True)), min_size=LATE, max_size=LATE)
    return Programme(
        order=[one for place, one in enumerate(order) if place not in places],
        withheld=[*(order[place] for place in sorted(places)), *draw(late)],
    )


def _repeats_of(
    messages: Sequence[Message], *, anew: st.SearchStrategy[bool] | None = None
) -> st.SearchStrategy[Repeat]:
    return st.builds(
        Repeat,
        message=st.sampled_from(
            [
                message
                for message in messages
                if (message.is_repeated if anew is None else message.tell_anew is not None)
            ]
        ),
        number=st.integers(1, 3),
        is_anew=st.booleans() if anew is None else anew,
    )


BRIEFLY = settings(  # the same orders in every run, and no minutes spent on a shorter example
    max_examples=8,
    derandomize=True,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
AT_LENGTH = settings(
    max_examples=60,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


def play(stage: Stage, programme: Programme) -> None:
    """Tell a service everything, and again whatever it did not know enough for, until all is done.

    Raises:
        AssertionError: something failed instead of waiting, or waits in vain.
    """
    left = _tell_what_can_be_told(stage, programme.order)
    left = _tell_what_can_be_told(stage, [*left, *programme.withheld])
    if left or stage.not_done():
        raise AssertionError(f"waits in vain: {left}; failed or waits: {stage.not_done()}")


def _tell_what_can_be_told(
    stage: Stage, messages: Iterable[Message | Repeat]
) -> list[Message | Repeat]:
    """Go round until a whole round changes nothing; return what still waits."""
    left, before = list(messages), -1
    while len(left) != before:
        before = len(left)
        left = [message for message in left if not _is_done(stage, message)]
    return left


def _is_done(stage: Stage, message: Message | Repeat) -> bool:
    if not stage.has_happened(message.after):
        return False
    try:
        message.tell(stage)
    except NotKnownYetError:
        return False
    return True


def events_for(
    service: type,
    *,
    after: Callable[[Line], Iterable[str]] = lambda _line: (),
    anew: Callable[[Line], Line | None] = lambda line: line,
) -> list[Message]:
    """Return the recorded events to which a service listens.

    Args:
        service: the nameko class.
        after: names what happened before anybody could tell of it.
        anew: what can be told under another message id and changes nothing either.
    """
    heard = {event_class.event_type for event_class in subscriptions(service)}
    return [
        Message(
            name=f"{line['type']} {line['subject']} {line['data'].get('version', '')}".strip(),
            tell=lambda stage, line=line: stage.hear(line, message_id=UUID(line["id"])),
            tell_anew=_hear_anew(anew(line)),
            after=frozenset(after(line)) | _ids_needed(service, line["data"]),
        )
        for line in recorded.of("event")
        if line["type"] in heard
    ]


def _hear_anew(line: Line | None) -> Callable[[Stage, int], None] | None:
    if line is None:
        return None
    return lambda stage, number: stage.hear(line, message_id=uuid5(UUID(line["id"]), str(number)))


def commands_for(
    service: type, *, after: Callable[[Line], Iterable[str]] = lambda _line: ()
) -> list[Message]:
    """Return the recorded commands to a service. Nobody uses an id before it is told them."""
    return [
        Message(
            name=f"{line['operation']} {line['id']}",
            tell=lambda stage, line=line: stage.ask(line),
            after=frozenset(after(line)) | _ids_needed(service, line["request"]),
        )
        for line in recorded.of("command", service=service.name)
    ]


def _ids_needed(service: type, document: Mapping[str, object]) -> set[str]:
    """Name the ids in a document that the service chose, and told in an answer."""
    return {known(one) for one in ids_in(document) & _chosen_by(service.name)}


@cache
def _chosen_by(service_name: str) -> set[str]:
    """Return the ids that nobody had named before this service told them in an answer."""
    named: set[str] = set()
    chosen: set[str] = set()
    for line in recorded.lines():
        ids = ids_in({name: part for name, part in line.items() if name != "answer"})
        if line.get("service") == service_name:
            chosen |= ids_in(line["answer"]) - ids - named
        named |= ids_in(line)
    return chosen
