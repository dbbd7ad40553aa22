"""How much of an upload is taken in before anybody looks at it."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class SizeCap(FileUploadHandler):
    """Keeps a little more than the largest file that is accepted; the rest is read and dropped.

    The form still sees a file that is too large and says so; a file of gigabytes takes no room on the disk meanwhile.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.MAX_UPLOAD_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None
