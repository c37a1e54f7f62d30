"""What an issuer says of itself."""

from typing import Any

from simulators.identity.issuers import PRIVATE_KEY, Issuer

WELL_KNOWN = "/.well-known/openid-configuration"
KEYS = "/.well-known/jwks.json"


def document(issuer: Issuer, *, url: str, browser_url: str) -> dict[str, Any]:
    """Write the discovery document.

    Args:
        issuer: whose it is.
        url: its name and, for programs, its address.
        browser_url: its address for browsers.
    """
    kind = issuer.kind
    known: dict[str, Any] = {
        "issuer": url,
        "token_endpoint": f"{url}/token",
        "jwks_uri": f"{url}{KEYS}",
        "token_endpoint_auth_methods_supported": list(kind.client_methods),
    }
    if PRIVATE_KEY in kind.client_methods:
        known["token_endpoint_auth_signing_alg_values_supported"] = list(kind.client_algorithms)
    if not kind.signs_people_in:
        return known | {"grant_types_supported": ["client_credentials"]}
    return known | {
        "authorization_endpoint": f"{browser_url}/authorize",
        "userinfo_endpoint": f"{url}/userinfo",
        "end_session_endpoint": f"{browser_url}/logout",
        "grant_types_supported": ["authorization_code"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["pairwise" if issuer.tenant else "public"],
        "id_token_signing_alg_values_supported": [issuer.algorithm],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(kind.scopes),
        "claims_supported": list(kind.claims),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": kind.names_itself,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        **({"acr_values_supported": list(kind.acr_values)} if kind.acr_values else {}),
    }
