"""The issuers, each under a path of its own, and what each sort of them does in its own way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.identity.keys import KeyRing

SECRET, PRIVATE_KEY = "client_secret_basic", "private_key_jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A sort of provider."""

    name: str
    title: str
    client_methods: tuple[str, ...]  # how a client says at the token endpoint who it is
    client_algorithms: tuple[str, ...]  # with which it may sign that
    scopes: tuple[str, ...]
    claims: tuple[str, ...]
    signs_people_in: bool = True
    names_itself: bool = False  # ``iss`` comes back to the client with the code (RFC 9207)
    acr_values: tuple[str, ...] = ()


NHS_LOGIN = Kind(
    name="nhs_login",
    title="NHS login",
    client_methods=(PRIVATE_KEY,),
    client_algorithms=("RS512",),
    scopes=(
        *("openid", "profile", "basic_demographics", "profile_extended"),
        *("email", "phone", "landline", "gp_registration_details"),
    ),
    claims=(
        *("sub", "iss", "aud", "nhs_number", "family_name", "given_name", "birthdate"),
        *("identity_proofing_level", "vot", "vtm", "email", "email_verified", "phone_number"),
        *("phone_number_verified", "phone_number_pds_matched", "landline_number"),
        *("landline_number_verified", "gp_ods_code"),
    ),
)
CIS2 = Kind(
    name="cis2",
    title="NHS CIS2 Authentication",
    client_methods=(PRIVATE_KEY,),
    client_algorithms=("RS256", "RS512", "ES256"),
    scopes=(
        *("openid", "profile", "email", "nhsperson", "nationalrbacaccess"),
        *("associatedorgs", "selectedrole"),
    ),
    claims=(
        *("sub", "uid", "name", "given_name", "family_name", "email", "nhsid_useruid"),
        *("nhsid_nrbac_roles", "nhsid_user_orgs", "selected_roleid", "acr", "amr"),
        *("authentication_assurance_level", "id_assurance_level"),
    ),
    names_itself=True,
    acr_values=("AAL2_OR_AAL3_ANY", "AAL3_ANY"),
)
COUNCIL = Kind(
    name="council",
    title="A council's own provider",
    client_methods=(SECRET, PRIVATE_KEY),
    client_algorithms=("RS256", "PS256", "ES256"),
    scopes=("openid", "profile", "email"),
    claims=(
        *("sub", "oid", "tid", "preferred_username", "name", "given_name", "family_name"),
        *("email", "groups", "roles", "acct", "amr", "ver"),
    ),
)
PARTNERS = Kind(
    name="partners",
    title="Tokens for partners' systems",
    client_methods=(PRIVATE_KEY,),
    client_algorithms=("RS512", "PS256", "ES256"),
    scopes=(),
    claims=(),
    signs_people_in=False,
)


@dataclass(slots=True, kw_only=True, eq=False)
class Issuer:
    """One issuer."""

    path: str  # "/nhs-login"
    kind: Kind
    title: str
    keys: KeyRing
    tenant: str = ""  # a council's ``tid``

    @property
    def algorithm(self) -> str:
        return self.keys.algorithm


@dataclass(frozen=True, slots=True)
class Issuers:
    """Every issuer by its path."""

    by_path: Mapping[str, Issuer] = field(default_factory=dict)

    def of_kind(self, kind: Kind) -> list[Issuer]:
        return [issuer for issuer in self.by_path.values() if issuer.kind is kind]

    def other_than(self, issuer: Issuer) -> Issuer:
        """Find another one, whose tokens are good elsewhere."""
        return next(one for one in self.by_path.values() if one is not issuer)


def all_issuers(councils: Mapping[str, Mapping[str, str]]) -> Issuers:
    """Make NHS login, CIS2, the councils and the issuer for partners.

    Args:
        councils: by their codes: ``name``, ``tenant`` and ``algorithm``.
    """
    fixed = ((NHS_LOGIN, "/nhs-login", "RS512"), (CIS2, "/cis2", "RS256"))
    every = [
        Issuer(path=path, kind=kind, title=kind.title, keys=KeyRing(algorithm))
        for kind, path, algorithm in (*fixed, (PARTNERS, "/partners", "ES256"))
    ]
    every += [
        Issuer(
            path=f"/council/{code}",
            kind=COUNCIL,
            title=council["name"],
            keys=KeyRing(council["algorithm"]),
            tenant=council["tenant"],
        )
        for code, council in councils.items()
    ]
    return Issuers({issuer.path: issuer for issuer in every})
