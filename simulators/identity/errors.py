"""What the providers answer instead: OAuth 2's errors, and a page where nobody may be sent on."""

from flask import Flask, Response, jsonify


class OAuthError(Exception):
    """An error of the token or the userinfo endpoint."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.description = description


class BackToClientError(Exception):
    """An error that the browser takes back to the client."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


class PageError(Exception):
    """Who asks cannot be trusted with a redirect: the browser stays here."""


class UnfitError(ValueError):
    """A user or a client that cannot be added. The text says why."""


def register(app: Flask) -> None:
    """Answer each error in its shape."""

    @app.errorhandler(OAuthError)
    def answer_client(error: OAuthError) -> Response:
        answer = jsonify(error=error.error, error_description=error.description)
        answer.status_code = error.status
        if error.error == "invalid_token":
            answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        elif error.status == 401:  # noqa: PLR2004 - HTTP's own
            answer.headers["WWW-Authenticate"] = "Basic"
        return answer

    @app.errorhandler(PageError)
    def answer_browser(error: PageError) -> tuple[str, int, dict[str, str]]:
        return str(error), 400, {"Content-Type": "text/plain; charset=utf-8"}

    @app.errorhandler(UnfitError)
    def answer_operator(error: UnfitError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400
