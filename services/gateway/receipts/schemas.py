"""What goes in and comes out about receipts."""

from marshmallow import Schema, fields, validate

from services.gateway.schemas import Form, an_instant, like, number, pence, words


class ReceiptLineForm(Form):
    """One of the lines."""

    description = words(longest=200, required=True)
    quantity = number(least=1, most=100_000, load_default=1)
    total_pence = pence(at_least=-100_000_000, required=True)


class AskUploadForm(Form):
    """What the receipt says."""

    amount_pence = pence(at_least=0, required=True)
    lines = fields.List(fields.Nested(ReceiptLineForm), validate=validate.Length(max=500))
    sha256 = like(r"^[0-9a-f]{64}\Z")


class AttachReceiptForm(Form):
    """What the receipt says, and which file it is."""

    amount_pence = pence(at_least=0, required=True)
    lines = fields.List(fields.Nested(ReceiptLineForm), validate=validate.Length(max=500))
    sha256 = like(r"^[0-9a-f]{64}\Z", required=True)


class NoReceiptBecauseForm(Form):
    """Say why there is no receipt."""

    reason = words(longest=2_000, required=True)


class UploadSchema(Schema):
    """Where the file is sent, until when, and what it may be."""

    receipt_id = fields.UUID()
    address = fields.String()
    expires_at = an_instant()
    largest_bytes = fields.Integer()
    media_types = fields.List(fields.String())


class DownloadSchema(Schema):
    """Where the file is read, once and until when."""

    receipt_id = fields.UUID()
    address = fields.String()
    expires_at = an_instant()
    media_type = fields.String()
    size_bytes = fields.Integer()


class ReceiptStateSchema(Schema):
    """Where the purchase stands now."""

    purchase_id = fields.UUID()
    state = fields.String()
