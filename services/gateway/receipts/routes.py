"""The addresses of receipts."""

from services.gateway.receipts.schemas import (
    AskUploadForm,
    AttachReceiptForm,
    DownloadSchema,
    NoReceiptBecauseForm,
    ReceiptStateSchema,
    UploadSchema,
)
from services.gateway.routes import NothingSchema, do
from services.gateway.subjects import Subject

_OF_PURCHASE = "/purchases/<uuid:purchase_id>"

RECEIPTS = Subject(
    name="receipts",
    says="Receipts. The file itself is sent to the one-time address that is answered, not here",
    routes=(
        do(
            f"{_OF_PURCHASE}/receipt-uploads",
            "payments.ask_upload",
            AskUploadForm,
            "Get a one-time address to which the file of a receipt is sent",
            gives=UploadSchema,
            new="receipt_id",
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            f"{_OF_PURCHASE}/receipts",
            "payments.attach_receipt",
            AttachReceiptForm,
            "Attach a receipt whose file is kept elsewhere, by its SHA-256",
            gives=ReceiptStateSchema,
            new="receipt_id",
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            f"{_OF_PURCHASE}/no-receipt",
            "payments.no_receipt_because",
            NoReceiptBecauseForm,
            "Say why there is no receipt",
            gives=ReceiptStateSchema,
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            "/receipts/<uuid:receipt_id>/downloads",
            "payments.ask_receipt",
            NothingSchema,
            "Get a one-time address at which the file of a receipt is read",
            gives=DownloadSchema,
            fills={"asked_by": "id"},
        ),
    ),
)
