"""The faults' names, and the ways in which each can happen; the first, unless a rule says."""

from collections.abc import Mapping

from simulators.identity.forgeries import EVERY_TOKEN, ID_TOKEN

ENDPOINTS = ("token", "keys", "discovery", "userinfo", "authorise")
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "bad_id_token": ID_TOKEN,
    "bad_access_token": EVERY_TOKEN,
    "bad_logout_token": (*EVERY_TOKEN, "no_event", "with_nonce", "about_nobody"),
    "bad_callback": (
        "replayed_code",
        "expired_code",
        "code_of_another_client",
        "code_of_another_challenge",
        "no_code",
        "other_state",
        "no_state",
        "other_issuer",
    ),
    "bad_facts": (
        "no_nhs_number",
        "bad_nhs_number",
        "low_level",
        "unverified_email",
        "no_roles",
        "unknown_role",
        "other_tenant",
        "too_many_groups",
    ),
    "bad_userinfo": ("other_subject", "no_subject", "not_json"),
    "bad_token_answer": ("no_id_token", "no_access_token", "other_token_type", "not_json"),
    "bad_discovery": ("other_issuer", "no_keys_address", "other_scheme", "not_json"),
    "bad_keys": ("none", "strangers", "not_json"),
    "authorise_error": (
        "access_denied",
        "login_required",
        "temporarily_unavailable",
        "server_error",
    ),
    "slow": ENDPOINTS,
    "drop": ENDPOINTS,
    "error_500": ENDPOINTS,
}
