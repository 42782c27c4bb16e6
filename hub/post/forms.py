"""What the mail room types."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, Length

from hub.webkit.forms import Form


class PostedForm(Form):
    """The number is judged by the rules of the post, which say what is wrong with it."""

    tracking_number = StringField(_l("Tracking number"), [DataRequired(), Length(max=60)])


class DeliveredForm(Form):
    on = DateField(_l("Delivered on"), [DataRequired()])
    to = StringField(
        _l("Received by"), [DataRequired(), Length(max=200)], description=_l("The name on the receipt of the post.")
    )


class ReturnedForm(Form):
    on = DateField(_l("Came back on"), [DataRequired()])
    reason = StringField(
        _l("Reason"), [DataRequired(), Length(max=300)], description=_l("As the post wrote it on the envelope.")
    )
