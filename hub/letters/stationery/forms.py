"""The stationery of an office, as a form."""

import io
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from PIL import Image, UnidentifiedImageError
from wtforms import BooleanField, FileField, SelectField, TextAreaField, ValidationError
from wtforms.validators import Length

from hub.files import rules as files
from hub.files.models import StoredFile
from hub.files.service import UnacceptableFile, accepted_type, store
from hub.letters.models import FOLLOW_UPS, LetterKind, SigningMethod
from hub.letters.rules import Paper
from hub.letters.stationery import rules
from hub.letters.stationery.service import Terms
from hub.webkit.forms import Form
from hub.webkit.labels import choices

KINDS = (LetterKind.FORWARDING, *FOLLOW_UPS)
"""Letters that can have an opening and a closing of the office's own."""
_LONGEST_TEXT = 600


class StationeryForm(Form):
    """`terms()` after validation. The fields of the texts are named "opening_forwarding", "closing_forwarding", …"""

    paper = SelectField(
        _l("Paper"),
        choices=[(Paper.A4.value, _l("A4 (210 × 297 mm)")), (Paper.F4.value, _l("F4 or folio (215 × 330 mm)"))],
    )
    emblem = FileField(_l("Emblem"), description=_l("PNG or JPEG, at most 1 MB, at least 100 pixels on each side."))
    without_emblem = BooleanField(_l("Print without the emblem from now on"))
    archive_classes = TextAreaField(
        _l("Archive classes"),
        description=_l(
            "One in each line, code first, for example “DM.05 Pengaduan masyarakat”. The first is the usual one."
        ),
        validators=[Length(max=1000)],
    )
    signing_office = TextAreaField(
        _l("Office above the signature"),
        description=_l(
            "Up to four lines, “a.n.” and “u.b.” included. Left empty, it is the title of the office's head."
        ),
        validators=[Length(max=400)],
    )
    signing_method = SelectField(_l("How letters are usually signed"), choices=lambda: choices("signing_method"))
    uses_own_register = BooleanField(
        _l("Numbers come from our own register"),
        description=_l("The hub then gives no number; it is typed when a letter is signed."),
    )

    def __init__(self, terms: Terms) -> None:
        super().__init__(data=_shown(terms))
        self._terms = terms
        self._image: bytes = b""
        self._name = ""

    def texts_of(self, kind: LetterKind) -> tuple[Any, Any]:
        """The two fields of one kind of letter."""
        return self[f"opening_{kind}"], self[f"closing_{kind}"]

    def validate_emblem(self, field: FileField) -> None:
        if not (field.data and field.data.filename):
            return
        self._name, self._image = field.data.filename, field.data.read()
        field.data.close()
        _refuse_unprintable(self._name, self._image)

    def validate_archive_classes(self, field: TextAreaField) -> None:
        codes = [rules.archive_code(line) for line in rules.lines_of(field.data or "")]
        doubled = next((code for code in codes if codes.count(code) > 1), None)
        if doubled:
            raise ValidationError(
                _("The code %(code)s is there twice. Each class needs a code of its own.", code=doubled)
            )

    def validate_signing_office(self, field: TextAreaField) -> None:
        if len(rules.lines_of(field.data or "")) > rules.MOST_OFFICE_LINES:
            raise ValidationError(_("Write at most four lines."))

    def terms(self, emblem: StoredFile | None) -> Terms:
        """What the office decides, with this emblem. Only after validation."""
        return Terms(
            paper=Paper(self.paper.data),
            emblem=emblem,
            archive_classes="\n".join(rules.lines_of(self.archive_classes.data or "")),
            signing_office="\n".join(rules.lines_of(self.signing_office.data or "")),
            signing_method=SigningMethod(self.signing_method.data),
            uses_own_register=bool(self.uses_own_register.data),
            texts={kind.value: texts for kind in KINDS if (texts := self._texts(kind))},
        )

    def stored_emblem(self) -> StoredFile | None:
        """The image that counts from now on: the one sent along, kept now, or else the one before."""
        if self._image:
            return store(self._name, self._image)
        return None if self.without_emblem.data else self._terms.emblem

    @property
    def image(self) -> bytes:
        """The image sent along; empty without one."""
        return self._image

    def _texts(self, kind: LetterKind) -> dict[str, str]:
        opening, closing = (field.data or "" for field in self.texts_of(kind))
        return {part: text for part, text in (("opening", opening), ("closing", closing)) if text}


def _refuse_unprintable(name: str, image: bytes) -> None:
    """Looked at whole: an image that breaks off would be found when a letter is printed, which is too late."""
    try:
        media_type = accepted_type(name, image)
    except UnacceptableFile as problem:
        raise ValidationError(problem.sentence) from None
    if media_type not in (files.PNG, files.JPEG):
        raise ValidationError(_("An emblem is a PNG or JPEG image."))
    if len(image) > rules.LARGEST_EMBLEM:
        raise ValidationError(
            _(
                "This image is %(size)s; at most 1 MB is possible. Save it smaller.",
                size=files.readable_size(len(image)),
            )
        )
    try:
        with Image.open(io.BytesIO(image), formats=("PNG", "JPEG")) as opened:
            if not rules.is_sane(*opened.size):
                raise ValidationError(
                    _(
                        "This image has %(width)s × %(height)s pixels. An emblem has 100 to 3,000 on each side, and "
                        "one side at most three times as long as the other.",
                        width=opened.width,
                        height=opened.height,
                    )
                )
            opened.verify()
        with Image.open(io.BytesIO(image)) as whole:
            whole.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as problem:
        if isinstance(problem, ValidationError):
            raise
        raise ValidationError(_("This image is damaged. Save it again and upload that.")) from None


def _shown(terms: Terms) -> dict[str, Any]:
    texts = {f"{part}_{kind}": terms.texts.get(kind, {}).get(part, "") for kind in KINDS for part in _PARTS}
    return {
        "paper": terms.paper.value,
        "archive_classes": terms.archive_classes,
        "signing_office": terms.signing_office,
        "signing_method": terms.signing_method.value,
        "uses_own_register": terms.uses_own_register,
        **texts,
    }


_PARTS = {"opening": _l("Opening"), "closing": _l("Closing")}


def _known_marks(_form: Any, field: TextAreaField) -> None:
    if unknown := rules.unknown_marks(field.data or ""):
        raise ValidationError(
            _("Nothing is put in for %(mark)s. Only {nomor} and {tanggal} can be used.", mark=unknown[0])
        )


for _kind in KINDS:
    for _part, _word in _PARTS.items():
        _text = TextAreaField(_word, validators=[Length(max=_LONGEST_TEXT), _known_marks])
        setattr(StationeryForm, f"{_part}_{_kind}", _text)
