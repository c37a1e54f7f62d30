"""A client of requests whose calls go straight to an application in the same process."""

import io
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter


class Through(BaseAdapter):
    """Takes each request to an application, as a server would."""

    def __init__(self, app):
        super().__init__()
        self._app = app
        self.sent = []  # the requests, as they went out

    def send(self, request, **_):
        self.sent.append(request)
        parts = urlsplit(request.url)
        http = self._app.test_client(use_cookies=False)
        came = http.open(
            parts.path,
            method=request.method,
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            headers=dict(request.headers),
            data=request.body,
        )
        answer = requests.Response()
        answer.status_code = came.status_code
        answer.headers.update(came.headers)
        answer.raw = io.BytesIO(came.data)
        answer.request, answer.url = request, request.url
        return answer

    def close(self):
        pass


def session_through(app):
    """Return a session of requests that reaches nothing but this application."""
    session = requests.Session()
    session.mount("https://", Through(app))
    session.mount("http://", Through(app))
    return session
