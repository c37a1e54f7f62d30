"""The people whose parts the demo plays. They are invented, and the same in every run."""

from dataclasses import dataclass
from uuid import UUID, uuid5

NAMESPACE = UUID("6d3a1a52-6f0e-4c9b-9d53-0f6c1d5f2b11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody with a role in a person's care."""

    role: str
    name: str
    organisation: str
    employer: str = ""
    post: str = ""  # tells them from others of their role
    way_in: str = "aldermoor"  # the council's: its own people and its guests

    @property
    def paid_by(self) -> str:
        """Return who pays them; as a rule it is the organisation for which they act."""
        return self.employer or self.organisation

    @property
    def staff_id(self) -> str:
        return str(uuid5(NAMESPACE, self.post or self.role))

    @property
    def user(self) -> str:
        """Return how the identity simulator calls them."""
        return (self.post or self.role).replace("_", "-").replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The person whose budget it is, or whoever acts for them, as NHS login knows them."""

    user: str
    nhs_number: str
    family_name: str
    birth_date: str
    way_in: str = "nhs-login"


# Whom people chose to sign for them while they cannot; the same for all of them.
ATTORNEY_ID, ATTORNEY_NAME = str(uuid5(NAMESPACE, "attorney")), "Robin Example"
ATTORNEY = Holder(
    user="robin-example",
    nhs_number="9998004209",
    family_name="Example",
    birth_date="1958-04-19",
)

BROKER = Colleague(role="broker", name="Imani Sutcliffe", organisation="voluntary-broker")
CARE_COORDINATOR = Colleague(
    role="care_coordinator", name="Bronagh Adeyemi", organisation="nhs-trust", way_in="cis2"
)
TEAM_MANAGER = Colleague(role="team_manager", name="Colm Rahman", organisation="council")
MULTIDISCIPLINARY_TEAM = Colleague(
    role="multidisciplinary_team", name="Dr Nerys Okafor", organisation="nhs-trust", way_in="cis2"
)
RISK_ENABLEMENT_PANEL = Colleague(
    role="risk_enablement_panel", name="Wiremu Castle", organisation="council"
)

# Who comes in only where something does not go smoothly.
OTHER_BROKER = Colleague(
    role="broker", name="Tomasz Ellery", organisation="voluntary-broker", post="other broker"
)
PRACTITIONER = Colleague(
    role="practitioner", name="Ama Thistlewood", organisation="nhs-trust", way_in="cis2"
)
LIVED_EXPERIENCE = Colleague(
    role="lived_experience", name="Petra Lindqvist", organisation="voluntary-broker"
)
INFORMATION_OFFICER = Colleague(
    role="information_officer", name="Gethin Marlowe", organisation="nhs-trust", way_in="cis2"
)
# Whom a case needs beside the care team: who assesses for the council, who pays, who sees to roles.
SOCIAL_WORKER = Colleague(
    role="practitioner", name="Oona Whitlock", organisation="council", post="social-worker"
)
FINANCE_OFFICER = Colleague(
    role="finance_officer", name="Ines Kerr", organisation="council", post="finance-officer-council"
)
ADMINISTRATOR = Colleague(role="administrator", name="Magnus Oyelaran", organisation="council")
APPEALS_OFFICER = Colleague(role="appeals_officer", name="Sunniva Boyd", organisation="council")
COMPLAINTS_OFFICER = Colleague(
    role="complaints_officer", name="Esi Hartington", organisation="nhs-trust", way_in="cis2"
)

CARE_TEAM = (BROKER, CARE_COORDINATOR, TEAM_MANAGER)
DECIDERS = {
    colleague.role: colleague
    for colleague in (
        CARE_COORDINATOR,
        TEAM_MANAGER,
        MULTIDISCIPLINARY_TEAM,
        RISK_ENABLEMENT_PANEL,
    )
}
# By the rungs that are meetings: who decides there beside whoever speaks for it.
MEETINGS = {
    MULTIDISCIPLINARY_TEAM.role: PRACTITIONER,
    RISK_ENABLEMENT_PANEL.role: LIVED_EXPERIENCE,
}
EVERYBODY = (
    BROKER,
    OTHER_BROKER,
    *DECIDERS.values(),
    *MEETINGS.values(),
    INFORMATION_OFFICER,
    APPEALS_OFFICER,
    COMPLAINTS_OFFICER,
    SOCIAL_WORKER,
    FINANCE_OFFICER,
    ADMINISTRATOR,
)
