"""Which settings each program gets: its own secrets, and nobody else's."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.keys import BROKER_USERS
from deploy.local.paths import CHECKOUT
from deploy.local.ports import EDGE_METRICS, LOOPBACK
from deploy.local.processes import BY_NAME, EDGE, OURS, SERVICES
from services.partners import hosts
from services.partners.agreements.rules import Agreement
from services.partners.register import read_file

NHS_KEY_ID = "commonpurse-1"
NHS_APPLICATION_ID = "commonpurse"
SIGN_IN_CLIENT_ID = "common-purse"  # as NHS login, CIS2 and councils know us
SIGN_IN_KEY_ID = "commonpurse-1"
MAIL_FROM = "Common Purse <purse@commonpurse.example>"
IDENTITY_FILES = CHECKOUT / "deploy" / "identity"
PARTNERS_FILES = Path(os.environ.get("PARTNERS_DIRECTORY") or CHECKOUT / "deploy" / "partners")
LIMITS = {  # of the gateway, unless a developer or a benchmark sets others
    # They are meant for people at work. Here one broker buys for a whole town within minutes,
    # and everybody comes from one address.
    "GATEWAY_PEOPLE_PER_HOUR": "100000",
    "GATEWAY_REQUESTS_AT_ONCE": "2000",
    "GATEWAY_REQUESTS_PER_SECOND": "1000",
    "GATEWAY_SIGN_INS_AT_ONCE": "2000",
    "GATEWAY_SIGN_INS_PER_SECOND": "100",
}
MESH_MAILBOX, MESH_PASSWORD = "X26ABC1", "password"
TRUSTS_MAILBOX = "X26ABC2"  # as its file has it
WAYS_IN = ("nhs-login", "cis2", "aldermoor", "thornby")  # as providers.toml names them


@dataclass(frozen=True, slots=True, kw_only=True)
class Environments:
    """The environment variables of one stack, written from its ports and its keys."""

    ports: Mapping[str, int]
    keys: Mapping[str, str]
    wake_directory: str
    receipts_directory: str
    clock_offset_seconds: int

    def of_process(self, name: str) -> dict[str, str]:
        """Give the process ``name`` what it needs."""
        owner = BY_NAME[name].owner
        if owner in SERVICES:
            return {**self._everyone(), **self._service(owner), **self._outside(owner)}
        return {**self._everyone(), **self._outside(owner)}

    def of_health(self, name: str) -> dict[str, str]:
        """Give the process ``name`` the port on which it says whether it lives, as a setting."""
        if name == EDGE:  # its own port is for everybody, and its metrics are not
            return {"COMMONPURSE_HEALTH_PORT": str(self.ports[EDGE_METRICS])}
        if BY_NAME[name].is_web:
            return {}
        return {"COMMONPURSE_HEALTH_PORT": str(self.ports[name])}

    def of_migrations(self, service: str) -> dict[str, str]:
        """Give a service's migrations the owner of its database."""
        url = self._database_url(user=f"{service}_owner", database=service)
        # A revision seals what was kept plain before.
        sealing = {
            "notifications": {"NOTIFICATIONS_CONTENT_KEYS": self.keys["notifications_content"]}
        }
        return {
            **self._everyone(),
            "COMMONPURSE_DATABASE_URL": url,
            **sealing.get(service, {}),
        }

    def of_administrator(self) -> dict[str, str]:
        """Give the benchmarks the cluster's superuser: its statistics are for no other role."""
        address = f"{LOOPBACK}:{self.ports['postgres']}"
        url = f"postgresql+psycopg2://postgres:{self.keys['postgres']}@{address}/postgres"
        return {"COMMONPURSE_DATABASE_URL": url}

    def of_topology(self) -> dict[str, str]:
        """Give the topology what declares exchanges, queues and users on the broker."""
        passwords = {
            f"COMMONPURSE_BROKER_PASSWORD_{user.upper()}": self.keys[f"broker/{user}"]
            for user in BROKER_USERS
            if user != hosts.BRIDGE_USER  # which never enters our own virtual host
        }
        url = self._broker_management_url("deploy")
        return {**self._everyone(), **passwords, "COMMONPURSE_BROKER_MANAGEMENT_URL": url}

    def of_edge(self) -> dict[str, str]:
        """Give what stands outside its way in: the demo, the end-to-end tests, a person."""
        return {
            **self._everyone(),
            "COMMONPURSE_BROKER_URL": self._broker_url("edge"),
            "COMMONPURSE_BROKER_MANAGEMENT_URL": self._broker_management_url("monitor"),
            "COMMONPURSE_ACTOR_SIGNING_KEY": self.keys["actor/private"],
            "DEMO_CARD_ISSUER_URL": self._url("card-issuer"),
            "DEMO_CARD_ISSUER_API_KEY": self.keys["issuer/api_key"],
            "DEMO_NOTIFY_URL": self._url("notify"),
            "DEMO_NHS_NOTIFY_URL": self._url("nhs-notify"),
            "DEMO_MAIL_URL": self._url("mail"),
            "DEMO_BANK_URL": self._url("bank"),
            "DEMO_IDENTITY_URL": self._url("identity"),
            "DEMO_GATEWAY_URL": self._url(EDGE),
            "DEMO_TRUST_URL": self._url("trust"),
            "DEMO_COUNCIL_URL": self._url("council"),
        }

    def of_partner_hosts(self) -> dict[str, str]:
        """Give the tool for partners' virtual hosts their files and what passwords follow from."""
        return {
            **self._everyone(),
            "COMMONPURSE_BROKER_MANAGEMENT_URL": self._broker_management_url("deploy"),
            "COMMONPURSE_BROKER_PASSWORD_PARTNERS_BRIDGE": self.keys["broker/partners_bridge"],
            "PARTNERS_DIRECTORY": str(PARTNERS_FILES),
            "PARTNERS_PASSWORDS_SEED": self.keys["partners_seed"],
            "PARTNERS_BROKER_ADDRESS": self._broker_address(),
        }

    def of_partner(self, agreement: Agreement) -> dict[str, str]:
        """Give a partner's system, one that is simulated, its way into its virtual host."""
        host, address = agreement.virtual_host, self._broker_address()
        password = hosts.password(agreement, seed=self.keys["partners_seed"])
        return {"PARTNER_BROKER_URL": f"amqp://{host}:{password}@{address}/{host}"}

    def of_database_roles(self) -> dict[str, str]:
        """Give ``deploy/postgres/init.sql`` the passwords of the roles it makes."""
        return {
            f"{role.upper()}_PASSWORD": self.keys[f"database/{role}"]
            for service in OURS
            for role in (service, f"{service}_owner")
        }

    def _everyone(self) -> dict[str, str]:
        return {
            "COMMONPURSE_ENVIRONMENT": "local",
            "COMMONPURSE_CLOCK_OFFSET_SECONDS": str(self.clock_offset_seconds),
            "COMMONPURSE_LOG_LEVEL": "info",
        }

    def _service(self, service: str) -> dict[str, str]:
        return {
            "COMMONPURSE_DATABASE_URL": self._database_url(user=service, database=service),
            "COMMONPURSE_BROKER_URL": self._broker_url(service),
            "COMMONPURSE_WAKE_DIR": self.wake_directory,
            "COMMONPURSE_SEALING_KEYS": self.keys["sealing"],
            "COMMONPURSE_ACTOR_KEYS": self.keys["actor/public"],
            # Where a developer has a collector, the suite's spans go there.
            "OTEL_EXPORTER_OTLP_ENDPOINT": os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
        }

    def _outside(self, owner: str) -> dict[str, str]:
        """Tell a service of the systems outside, and a simulator of the service it serves."""
        payments, notifications = self._url("payments-web"), self._url("notifications-web")
        authorisations, events = self._key("authorisations_secret"), self._key("events_secret")
        return {
            "assessment": {
                "PARTNERS_DIRECTORY": str(PARTNERS_FILES),
                "COMMONPURSE_IDENTIFIER_KEYS": self.keys["identifiers"],
                "COMMONPURSE_IDENTIFIER_INDEX_KEY": self.keys["identifier_index"],
            },
            "budget": {},
            "partners": {
                "PARTNERS_DIRECTORY": str(PARTNERS_FILES),
                "PARTNERS_GATEWAY_URL": self._url(EDGE),
                "PARTNERS_BRIDGE_URL": self._broker_url("partners_bridge", host=""),
                "PARTNERS_CALLS_URL": self._broker_url("partners_calls"),
                "PARTNERS_CONTENT_KEYS": self.keys["partners_content"],
                "PARTNERS_MESH_URL": self._url("mesh"),
                "PARTNERS_MESH_MAILBOX": MESH_MAILBOX,
                "PARTNERS_MESH_PASSWORD": MESH_PASSWORD,
                "PARTNERS_MESH_SHARED_KEY": self.keys["mesh/shared_key"],
                "PARTNERS_MESH_POLL_SECONDS": "0.5",  # in earnest 300
                "COMMONPURSE_ACTOR_SIGNING_KEY": self.keys["actor/private"],
            },
            EDGE: {
                "COMMONPURSE_DATABASE_URL": self._database_url(user=EDGE, database=EDGE),
                "COMMONPURSE_BROKER_URL": self._broker_url(EDGE),
                "COMMONPURSE_ACTOR_SIGNING_KEY": self.keys["actor/private"],
                "GATEWAY_PUBLIC_URL": self._url(EDGE),
                "PARTNERS_DIRECTORY": str(PARTNERS_FILES),
                "GATEWAY_PROVIDERS_FILE": str(IDENTITY_FILES / "providers.toml"),
                "GATEWAY_CLIENTS_FILE": str(IDENTITY_FILES / "clients.toml"),
                "GATEWAY_IDENTITY_URL": self._url("identity"),
                "GATEWAY_STORIES_FROM": "127.0.0.0/8",  # the demo keeps a case together by it
                "GATEWAY_CLIENT_ID": SIGN_IN_CLIENT_ID,
                "GATEWAY_CLIENT_SECRET": self.keys["identity/client_secret"],
                "GATEWAY_CLIENT_KEY_ID": SIGN_IN_KEY_ID,
                "GATEWAY_CLIENT_PRIVATE_KEY": self.keys["identity/private_key"],
                **{name: os.environ.get(name, usual) for name, usual in LIMITS.items()},
            },
            "payments": {
                "PAYMENTS_ISSUER": "stripe",
                "PAYMENTS_ISSUER_URL": self._url("card-issuer"),
                "PAYMENTS_ISSUER_API_KEY": self.keys["issuer/api_key"],
                "PAYMENTS_ISSUER_AUTHORISATIONS_SECRET": authorisations,
                "PAYMENTS_ISSUER_EVENTS_SECRET": events,
                "PAYMENTS_BANK_URL": self._url("bank"),
                "PAYMENTS_BANK_API_KEY": self.keys["bank/api_key"],
                "PAYMENTS_BANK_WEBHOOK_SECRET": self.keys["bank/webhook_secret"],
                "PAYMENTS_RECEIPTS_DIRECTORY": self.receipts_directory,
                "PAYMENTS_RECEIPTS_KEYS": self.keys["receipts"],
                "PAYMENTS_RECEIPTS_ADDRESS_KEY": self.keys["receipts_address"],
                "PAYMENTS_PAYEE_KEYS": self.keys["payees"],
            },
            "notifications": {
                "PARTNERS_DIRECTORY": str(PARTNERS_FILES),
                "NOTIFICATIONS_NOTIFY_URL": self._url("notify"),
                "NOTIFICATIONS_NOTIFY_API_KEY": self.keys["notify/api_key"],
                "NOTIFICATIONS_NOTIFY_CALLBACK_TOKEN": self.keys["notify/callback_token"],
                "NOTIFICATIONS_NOTIFY_INBOUND_TOKEN": self.keys["notify/inbound_token"],
                "NOTIFICATIONS_ADDRESS_KEY": self.keys["notifications_address"],
                "NOTIFICATIONS_CONTENT_KEYS": self.keys["notifications_content"],
                "NOTIFICATIONS_DRAFTS": "allow",  # nobody real is written to
                "NOTIFICATIONS_UNSUBSCRIBE_URL": "https://commonpurse.example",
                "NOTIFICATIONS_UNSUBSCRIBE_KEY": self.keys["unsubscribe"],
                # Who serves whom: nothing set means Notify; a developer may want others.
                "NOTIFICATIONS_PROVIDERS": os.environ.get("NOTIFICATIONS_PROVIDERS", ""),
                "NOTIFICATIONS_NHS_URL": self._url("nhs-notify"),
                "NOTIFICATIONS_NHS_API_KEY": self.keys["nhs_notify/api_key"],
                "NOTIFICATIONS_NHS_KEY_ID": NHS_KEY_ID,
                "NOTIFICATIONS_NHS_PRIVATE_KEY": self.keys["nhs_notify/private_key"],
                "NOTIFICATIONS_NHS_APPLICATION_ID": NHS_APPLICATION_ID,
                "NOTIFICATIONS_NHS_CALLBACK_KEY": self.keys["nhs_notify/callback_key"],
                "NOTIFICATIONS_MAIL_URL": f"smtp+plain://{self._address('mail-smtp')}",
                "NOTIFICATIONS_MAIL_FROM": MAIL_FROM,
            },
            "card-issuer": {
                "CARD_ISSUER_API_KEY": self.keys["issuer/api_key"],
                # The paths bear the issuer's own names, in the issuer's spelling.
                "CARD_ISSUER_AUTHORISATIONS_URL": f"{payments}/webhooks/issuer/authorizations",
                "CARD_ISSUER_AUTHORISATIONS_SECRET": authorisations,
                "CARD_ISSUER_EVENTS_URL": f"{payments}/webhooks/issuer/events",
                "CARD_ISSUER_EVENTS_SECRET": events,
            },
            "bank": {
                "BANK_API_KEY": self.keys["bank/api_key"],
                "BANK_WEBHOOK_URL": f"{payments}/webhooks/bank/events",
                "BANK_WEBHOOK_SECRET": self.keys["bank/webhook_secret"],
            },
            "notify": {
                "NOTIFY_API_KEY": self.keys["notify/api_key"],
                "NOTIFY_CALLBACK_URL": f"{notifications}/callbacks/govuk",
                "NOTIFY_CALLBACK_TOKEN": self.keys["notify/callback_token"],
                "NOTIFY_INBOUND_CALLBACK_URL": f"{notifications}/callbacks/govuk/inbound",
                "NOTIFY_INBOUND_CALLBACK_TOKEN": self.keys["notify/inbound_token"],
                # In reality 300; nobody who watches a laptop waits as long for a receipt.
                "NOTIFY_CALLBACK_RETRY_SECONDS": "5",
                # Here the suite's speed counts and not Notify's 3,000 a minute.
                "NOTIFY_RATE_LIMIT": "60000",
                # The demo's people have numbers of the range kept for drama, these too.
                "NOTIFY_SMOKE_RECIPIENTS": "off",
            },
            "nhs-notify": {
                "NHS_NOTIFY_API_KEY": self.keys["nhs_notify/api_key"],
                "NHS_NOTIFY_KEY_ID": NHS_KEY_ID,
                "NHS_NOTIFY_PUBLIC_KEY": self.keys["nhs_notify/public_key"],
                "NHS_NOTIFY_APPLICATION_ID": NHS_APPLICATION_ID,
                "NHS_NOTIFY_CALLBACK_URL": f"{notifications}/callbacks/nhs",
                "NHS_NOTIFY_CALLBACK_KEY": self.keys["nhs_notify/callback_key"],
            },
            "mesh": {
                "AUTH_MODE": "full",
                "SHARED_KEY": self.keys["mesh/shared_key"],
                "STORE_MODE": "memory",
            },
            "trust": {
                **self._partner("aldermoor-trust"),
                "PARTNER_MESH_URL": self._url("mesh"),
                "PARTNER_MESH_MAILBOX": TRUSTS_MAILBOX,
                "PARTNER_MESH_PASSWORD": MESH_PASSWORD,
                "PARTNER_MESH_SHARED_KEY": self.keys["mesh/shared_key"],
                "PARTNER_MESH_TO": MESH_MAILBOX,
            },
            "council": self._partner("aldermoor-council"),
            "mail": {"MAIL_SMTP_ADDRESS": self._address("mail-smtp")},
            "identity": {
                "IDENTITY_URL": self._url("identity"),
                "IDENTITY_CLIENT_ID": SIGN_IN_CLIENT_ID,
                "IDENTITY_CLIENT_SECRET": self.keys["identity/client_secret"],
                "IDENTITY_CLIENT_KEY_ID": SIGN_IN_KEY_ID,
                "IDENTITY_CLIENT_PUBLIC_KEY": self.keys["identity/public_key"],
                "IDENTITY_REDIRECT_URIS": " ".join(
                    f"{self._url(EDGE)}/sign-in/{way}/callback" for way in WAYS_IN
                ),
                "IDENTITY_BACKCHANNEL_URI": f"{self._url(EDGE)}/sign-in/back-channel-logout",
            },
        }[owner]

    def _key(self, name: str) -> str:
        return self.keys[f"issuer/{name}"]

    def _url(self, process: str) -> str:
        return f"http://{self._address(process)}"

    def _address(self, name: str) -> str:
        return f"{LOOPBACK}:{self.ports[name]}"

    def _database_url(self, *, user: str, database: str) -> str:
        address = f"{LOOPBACK}:{self.ports['postgres']}"
        limits = "connect_timeout=3&tcp_user_timeout=5000"  # seconds; milliseconds
        password = self.keys[f"database/{user}"]
        return f"postgresql+psycopg2://{user}:{password}@{address}/{database}?{limits}"

    def _broker_url(self, user: str, *, host: str = "commonpurse") -> str:
        return f"amqp://{user}:{self.keys[f'broker/{user}']}@{self._broker_address()}/{host}"

    def _partner(self, code: str) -> dict[str, str]:
        return self.of_partner(read_file(PARTNERS_FILES / f"{code}.yml"))

    def _broker_address(self) -> str:
        return f"{LOOPBACK}:{self.ports['broker']}"

    def _broker_management_url(self, user: str) -> str:
        password = self.keys[f"broker/{user}"]
        return f"http://{user}:{password}@{LOOPBACK}:{self.ports['broker-management']}"
