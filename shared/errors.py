"""A refusal is an answer. Anything else that goes wrong is a fault, logged and retried."""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer; anything else is a fault
    """A request that we understood and must not carry out.

    ``code`` is for programs, ``message`` for a person to read, ``next_step`` says what to do
    now, and ``details`` holds figures and opaque ids, never what identifies a person.
    """

    code: ClassVar[str]
    next_step: ClassVar[str] = "Put right what the message names and ask again."

    def __init__(self, message: str, **details: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def as_answer(self) -> dict[str, object]:
        """Return the refusal as callers get to see it."""
        return {
            "code": self.code,
            "message": self.message,
            "next_step": self.next_step,
            "details": dict(self.details),
        }


class InvalidRequestError(Refusal):
    """A field is missing, unknown or of the wrong form."""

    code = "invalid_request"
    next_step = "Mend the fields that the details name and send the request again."


class NotKnownYetError(Refusal):
    """A fact on which this depends has not arrived here yet; it may be on its way.

    It is not remembered: the same command id may be tried again. A
    message that meets it waits in the inbox and is not counted as a failure.
    """

    code = "not_known_yet"
    next_step = "Try again in a moment with the same id."


class InProgressError(Refusal):
    """The same command, with the same id, is being carried out just now."""

    code = "in_progress"
    next_step = "Try again in a moment with the same id: the answer is there then."


class IdReusedError(Refusal):
    """An id that was used before came back with something else."""

    code = "id_reused"
    next_step = "Choose a new id for a new request; repeat the first request word for word."


class NotFoundError(Refusal):
    """There is no such record."""

    code = "not_found"
    next_step = "Check the id."


class OutOfScopeError(NotFoundError):
    """There is no such record, or it is not theirs: nobody can tell which."""

    def __init__(self) -> None:
        super().__init__("There is no such record, or it is not yours to see.")


class NotYouError(Refusal):
    """Somebody would act in another's name."""

    code = "not_you"
    next_step = "Ask in your own name."
