"""The table of what came by MESH: whatever comes again is only acknowledged."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.partners.tables import Table


class MeshMessage(Table):
    """One message of our mailbox that was taken in."""

    __tablename__ = "mesh_messages"
    mesh_id: Mapped[str] = mapped_column(primary_key=True)
    came_of_it: Mapped[str]  # received, report, or why nobody could be answered
    received_at: Mapped[datetime]
