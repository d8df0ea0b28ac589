"""Files come in at one door only: nobody else can fill the disk of this server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.urls import reverse

from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.permissions import holds


class OneDoor(FileUploadHandler):
    """Stops every upload but a caseload's by somebody who may bring one in, and that at the allowed size."""

    received = 0

    def new_file(self, *args: Any, **more: Any) -> None:  # Any: Django's own signature
        """Stop before the first byte is kept."""
        super().new_file(*args, **more)
        worker = getattr(self.request, "user", None)
        may = isinstance(worker, Worker) and worker.agency_id is not None and holds(worker.roles, "caseload.import")
        if not may or self.request is None or self.request.path != reverse("caseload"):
            raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and stop at the limit; the form says so."""
        self.received += len(raw_data)
        if self.received > settings.UPWELL_UPLOAD_BYTES + self.chunk_size:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one keep the file."""
