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

    @property
    def paid_by(self) -> str:
        """Return who pays them; as a rule it is the organisation for which they act."""
        return self.employer or self.organisation

    @property
    def staff_id(self) -> str:
        return str(uuid5(NAMESPACE, self.post or self.role))


BROKER = Colleague(role="broker", name="Imani Sutcliffe", organisation="voluntary-broker")
CARE_COORDINATOR = Colleague(
    role="care_coordinator", name="Bronagh Adeyemi", organisation="nhs-trust"
)
TEAM_MANAGER = Colleague(role="team_manager", name="Colm Rahman", organisation="council")
MULTIDISCIPLINARY_TEAM = Colleague(
    role="multidisciplinary_team", name="Dr Nerys Okafor", organisation="nhs-trust"
)
RISK_ENABLEMENT_PANEL = Colleague(
    role="risk_enablement_panel", name="Wiremu Castle", organisation="council"
)

# Who comes in only where something does not go smoothly.
OTHER_BROKER = Colleague(
    role="broker", name="Tomasz Ellery", organisation="voluntary-broker", post="other broker"
)
PRACTITIONER = Colleague(role="practitioner", name="Ama Thistlewood", organisation="nhs-trust")
LIVED_EXPERIENCE = Colleague(
    role="lived_experience", name="Petra Lindqvist", organisation="voluntary-broker"
)
INFORMATION_OFFICER = Colleague(
    role="information_officer", name="Gethin Marlowe", organisation="nhs-trust"
)
APPEALS_OFFICER = Colleague(role="appeals_officer", name="Sunniva Boyd", organisation="council")
COMPLAINTS_OFFICER = Colleague(
    role="complaints_officer", name="Esi Hartington", organisation="nhs-trust"
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
)
