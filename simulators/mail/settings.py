"""What the environment decides."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where e-mails come in, and what whoever brings them must know."""

    host: str
    port: int
    user: str  # empty: nobody has to sign in
    password: str
    tls: ssl.SSLContext | None  # offered with STARTTLS, and then demanded

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            KeyError: no ``MAIL_SMTP_ADDRESS``.
            ValueError: it is no host and port.
            OSError: the certificate or its key cannot be read.
        """
        host, _, port = environment["MAIL_SMTP_ADDRESS"].rpartition(":")
        certificate = environment.get("MAIL_TLS_CERTIFICATE_FILE", "")
        tls = None
        if certificate:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(certificate, environment.get("MAIL_TLS_KEY_FILE") or None)
        return cls(
            host=host,
            port=int(port),
            user=environment.get("MAIL_USER", ""),
            password=environment.get("MAIL_PASSWORD", ""),
            tls=tls,
        )
