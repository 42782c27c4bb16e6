"""The form of an answer that is made from answers of offices below."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from hub.files.models import StoredFile
from hub.responses.forms import AnswerForm
from hub.responses.models import Response, ResponseKind
from hub.responses.service import Answer


class RollUpForm(AnswerForm):
    """A final answer with `offered` ones to choose from; files go along with the answers that are used."""

    used = SelectMultipleField(
        _l("Answers it is made from"),
        choices=[],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(_l("Tick the answers that yours is made from."))],
    )
    shared = SelectMultipleField(
        _l("Their files that go along"),
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, offered: Sequence[Response], zone: str) -> None:
        super().__init__(ResponseKind.FINAL, zone)
        self.offered = offered
        self.used.choices = [(one.id, _title(one)) for one in offered]
        self._files = {
            f"{kind}-{one.id}-{file.id}": (one, kind, file)
            for one in offered
            for kind, files in (("file", one.files), ("report", one.reports))
            for file in files
        }
        self.shared.choices = [
            (key, f"{file.name} ({one.forwarding.recipient.name}{', LHP' if kind == 'report' else ''})")
            for key, (one, kind, file) in self._files.items()
        ]

    def prefill(self, chosen: Collection[int]) -> None:
        """Outcome, words and files of the chosen answers; of all of them where none was chosen."""
        used = [one for one in self.offered if one.id in chosen] or list(self.offered)
        self.used.data = [one.id for one in used]
        self.shared.data = list(self._files)
        outcomes = {one.outcome for one in used}
        if len(outcomes) == 1 and (outcome := outcomes.pop()):
            self.outcome.data = outcome.value
        alone = len(used) == 1
        words = (one.summary if alone else f"{one.forwarding.recipient.name}:\n{one.summary}" for one in used)
        self.summary.data = "\n\n".join(words)

    def answer(self) -> Answer:
        """What the office says, with the ticked files of the answers it uses. Only after validation."""
        given = super().answer()
        sources = [one for one in self.offered if one.id in (self.used.data or ())]
        taken = [self._files[key] for key in self.shared.data or ()]
        return replace(
            given,
            sources=sources,
            files=_once(*given.files, *(file for one, kind, file in taken if kind == "file" and one in sources)),
            reports=_once(*given.reports, *(file for one, kind, file in taken if kind == "report" and one in sources)),
        )


def _title(response: Response) -> str:
    number = f" ({response.letter_number})" if response.letter_number else ""
    return f"{response.forwarding.recipient.name}{number}"


def _once(*files: StoredFile) -> list[StoredFile]:
    return list(dict.fromkeys(files))
