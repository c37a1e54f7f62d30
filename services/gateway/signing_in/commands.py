"""What can be asked for with a sign-in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app on the person's own machine that waits for a code."""

    redirect_uri: str
    challenge: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSignIn:
    """Send a browser to a provider."""

    provider: str
    state: str
    browser: str  # the secret of the browser's cookie
    return_to: str
    app: App | None
