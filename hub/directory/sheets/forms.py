"""The form that takes the directory in by file: checked first, then imported without choosing the file again."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField

from hub.files.rules import display_name
from hub.sheets.keeping import packed, unpacked
from hub.webkit.forms import Form


class ImportForm(Form):
    """A file, or the one `kept` in the page since it was checked."""

    file = FileField(_l("File (CSV or XLSX)"))
    kept = HiddenField()
    kept_name = HiddenField()

    content = b""

    def __init__(self) -> None:
        super().__init__()
        self.file.flags.required = not self.kept.data

    def validate(self, extra_validators: object = None) -> bool:
        """A newly chosen file comes before a kept one. The page that answers keeps what was read."""
        if not super().validate(extra_validators):
            return False
        chosen = self.file.data
        self.content = chosen.read() if chosen else unpacked(self.kept.data or "")
        name = chosen.filename if chosen else self.kept_name.data
        if not self.content:
            self.file.errors = [_l("Choose the file first.")]
            self.kept.data = self.kept_name.data = ""
            self.file.flags.required = True
            return False
        self.file.flags.required = False
        self.kept.data, self.kept_name.data = packed(self.content), display_name(name or "")
        return True
