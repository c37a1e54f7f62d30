"""The addresses of messages, preferences and what must not be sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.messages.schemas import (
    HeldSchema,
    HoldForSafeguardingForm,
    MessageSchema,
    OtherChannelForm,
    PreferencesSchema,
    PreviewForm,
    PreviewSchema,
    RetriedSchema,
    SafeguardingHoldSchema,
    SetPreferencesForm,
    SuppressForm,
    SuppressionSchema,
)
from services.gateway.routes import NothingSchema, do, read
from services.gateway.schemas import ReasonForm
from services.gateway.subjects import Subject

_OF_PERSON = "/people/<uuid:person_id>"
_ONE = "/messages/<uuid:message_id>"


def _version(chosen: Sequence[Mapping[str, Any]]) -> int:
    """Return which version counts; nought where nothing was chosen yet."""
    return chosen[0]["version"] if chosen else 0


MESSAGES = Subject(
    name="messages",
    says="What people are told, how they chose to hear it, and what must not be sent",
    routes=(
        read(
            f"{_OF_PERSON}/messages",
            "notifications.messages",
            MessageSchema,
            "What a person was told, the oldest first",
            is_list=True,
        ),
        do(
            f"{_ONE}/cancellation",
            "notifications.cancel_message",
            NothingSchema,
            "Call a message off that has not gone out yet",
            fills={"cancelled_by": "id"},
        ),
        do(
            f"{_ONE}/retry",
            "notifications.retry_by_other_channel",
            OtherChannelForm,
            "Send a message that failed by another channel",
            gives=RetriedSchema,
            fills={"asked_by": "id"},
        ),
        do(
            f"{_ONE}/seen-to",
            "notifications.record_seen_to",
            NothingSchema,
            "Say that the person was told in another way",
            fills={"seen_to_by": "id"},
        ),
        do(
            "/replies/<uuid:reply_id>/seen-to",
            "notifications.see_to_reply",
            NothingSchema,
            "Say that somebody has answered what a person wrote back",
            fills={"seen_to_by": "id"},
        ),
        read(
            f"{_OF_PERSON}/preferences",
            "notifications.preferences",
            PreferencesSchema,
            "How a person chose to hear from us, what counts first; its ETag is for If-Match",
            is_list=True,
            version=_version,
        ),
        do(
            f"{_OF_PERSON}/preferences",
            "notifications.set_preferences",
            SetPreferencesForm,
            "Write down how a person chose to hear from us, in place of what counted",
            method="PUT",
            fills={"set_by": "id"},
            if_match="replaces_version",
        ),
        read(
            f"{_OF_PERSON}/suppressions",
            "notifications.suppressions",
            SuppressionSchema,
            "What keeps a person from being written to",
            is_list=True,
        ),
        do(
            f"{_OF_PERSON}/suppressions",
            "notifications.suppress",
            SuppressForm,
            "Write to a person by a channel no more",
            fills={"set_by": "id"},
        ),
        do(
            "/suppressions/<uuid:suppression_id>/end",
            "notifications.lift_suppression",
            NothingSchema,
            "Let a channel be used again",
            fills={"lifted_by": "id"},
        ),
        read(
            f"{_OF_PERSON}/safeguarding-holds",
            "notifications.safeguarding_holds",
            SafeguardingHoldSchema,
            "What is held for a person's safety; never shown to whoever looks with them",
            is_list=True,
        ),
        do(
            f"{_OF_PERSON}/safeguarding-holds",
            "notifications.hold_for_safeguarding",
            HoldForSafeguardingForm,
            "Hold a person's messages for their safety",
            gives=HeldSchema,
            new="hold_id",
            fills={"set_by": "id"},
        ),
        do(
            "/safeguarding-holds/<uuid:hold_id>/release",
            "notifications.release_safeguarding_hold",
            ReasonForm,
            "Let messages go again",
            fills={"released_by": "id"},
        ),
        read(
            "/message-previews",
            "notifications.preview",
            PreviewSchema,
            "See what somebody would read, each fact by its name; nothing is sent",
            takes=PreviewForm,
        ),
    ),
)
