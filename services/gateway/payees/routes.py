"""The addresses of payees."""

from services.gateway.payees.schemas import (
    AddPayeeForm,
    AgreePayeeForm,
    ChangePayeeDetailsForm,
    ConfirmPayeeForm,
    PayeeAgreementSchema,
    PayeeLinkSchema,
    PayeeSchema,
    PayeesForm,
    PayeeStateSchema,
)
from services.gateway.routes import NothingSchema, do, read
from services.gateway.subjects import Subject

_ONE = "/payees/<uuid:payee_id>"

PAYEES = Subject(
    name="payees",
    says="Who is paid through the bank: details and items seen by two people",
    routes=(
        read(
            "/payees",
            "payments.payees",
            PayeeSchema,
            "A person's own payees, or those of everybody; never a whole account number",
            takes=PayeesForm,
            is_list=True,
        ),
        do(
            "/payees",
            "payments.add_payee",
            AddPayeeForm,
            "Add somebody whom the bank may pay",
            gives=PayeeStateSchema,
            new="payee_id",
            fills={"added_by": "id"},
        ),
        do(
            f"{_ONE}/details",
            "payments.change_payee_details",
            ChangePayeeDetailsForm,
            "Change the account of a payee; it is to be confirmed anew",
            gives=PayeeStateSchema,
            method="PUT",
            fills={"changed_by": "id"},
        ),
        do(
            f"{_ONE}/confirmation",
            "payments.confirm_payee",
            ConfirmPayeeForm,
            "Be the second person for a payee's details",
            gives=PayeeStateSchema,
            fills={"confirmed_by": "id"},
        ),
        do(
            f"{_ONE}/agreements",
            "payments.agree_payee",
            AgreePayeeForm,
            "Agree for a funder that a relative or somebody of the household is paid",
            gives=PayeeAgreementSchema,
            new="agreement_id",
            fills={"agreed_by": "id"},
        ),
        do(
            f"{_ONE}/items/<uuid:item_id>",
            "payments.link_payee",
            NothingSchema,
            "Say that a payee is meant by an item of a plan",
            gives=PayeeLinkSchema,
            method="PUT",
            fills={"linked_by": "id"},
        ),
        do(
            f"{_ONE}/items/<uuid:item_id>/confirmation",
            "payments.confirm_link",
            NothingSchema,
            "Be the second person for a payee of an item",
            gives=PayeeLinkSchema,
            fills={"confirmed_by": "id"},
        ),
    ),
)
