"""Files of a form: looked at while it is checked, kept only once it is good."""

from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField, ValidationError

from hub.files.models import StoredFile
from hub.files.service import UnacceptableFile, accepted_type, store


def chosen_in(field: MultipleFileField) -> list[FileStorage]:
    return [upload for upload in field.data or [] if upload and upload.filename]


def refuse_unacceptable(field: MultipleFileField) -> None:
    """Look at each file; nothing is stored, so that a form that is refused leaves nothing behind, however often."""
    problems = []
    for upload in chosen_in(field):
        try:
            accepted_type(upload.filename or "", upload.read())
        except UnacceptableFile as problem:
            problems.append(str(problem))
        upload.stream.seek(0)
    if problems:
        raise ValidationError(" ".join(problems))


def stored_files(field: MultipleFileField) -> list[StoredFile]:
    """Each of them, kept now. Once, and only after validation."""
    return [store(upload.filename or "", upload.read()) for upload in chosen_in(field)]
