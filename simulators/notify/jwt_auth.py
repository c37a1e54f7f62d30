"""Who is calling: a JSON web token signed with the key's secret, at most 30 s old."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import jwt

from simulators.notify.errors import ApiError
from simulators.notify.keys import ApiKey

ALGORITHM = "HS256"
CLOCK_TOLERANCE_SECONDS = 30
CLOCK_IS_WRONG = "Error: Your system clock must be accurate to within 30 seconds"


def calling_key(
    *, authorization: str | None, keys: Sequence[ApiKey], epoch_seconds: float
) -> ApiKey:
    """Find the key that signed the request.

    Args:
        authorization: the request's ``Authorization`` header.
        keys: the keys of this simulator.
        epoch_seconds: the time now.

    Raises:
        ApiError: 401 without a bearer token, 403 if the token is not good.
    """
    token = _bearer_token(authorization)
    service_id = _issuer(token)
    service_keys = [key for key in keys if key.service_id == service_id]
    if not service_keys:
        raise _refused("Invalid token: service not found")
    for key in service_keys:
        claims = _claims_if_signed_with(key, token=token)
        if claims is not None:
            _check_age(claims, epoch_seconds=epoch_seconds)
            return key
    raise _refused("Invalid token: API key not found")


def _bearer_token(authorization: str | None) -> str:
    if not authorization:
        message = "Unauthorized: authentication token must be provided"
        raise ApiError.of(401, "AuthError", message)
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        message = "Unauthorized: authentication bearer scheme must be used"
        raise ApiError.of(401, "AuthError", message)
    return token.strip()


def _issuer(token: str) -> UUID:
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise _refused("Invalid token: not a JSON web token") from error
    if header.get("alg") != ALGORITHM:
        raise _refused("Invalid token: algorithm used is not HS256")
    if "iss" not in claims:
        raise _refused("Invalid token: iss field not provided")
    try:
        return UUID(str(claims["iss"]))
    except ValueError as error:
        raise _refused("Invalid token: service id is not the right data type") from error


def _claims_if_signed_with(key: ApiKey, *, token: str) -> dict[str, Any] | None:
    options: Any = {"verify_iat": False, "verify_iss": False}
    try:
        return jwt.decode(token, key=key.secret, algorithms=[ALGORITHM], options=options)
    except jwt.InvalidSignatureError:
        return None
    except jwt.InvalidTokenError as error:
        raise _refused("Invalid token: " + str(error)) from error


def _check_age(claims: dict[str, Any], *, epoch_seconds: float) -> None:
    issued_at = claims.get("iat")
    if issued_at is None:
        raise _refused("Invalid token: iat field not provided")
    if not isinstance(issued_at, int | float):
        raise _refused("Invalid token: iat field is not a number")
    if abs(epoch_seconds - issued_at) > CLOCK_TOLERANCE_SECONDS:
        raise _refused(CLOCK_IS_WRONG)


def _refused(message: str) -> ApiError:
    return ApiError.of(403, "AuthError", message)
