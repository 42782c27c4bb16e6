"""Forms of signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, EqualTo, Length

from hub.accounts.rules import SHORTEST_PASSWORD
from hub.webkit.forms import Form


class SignInForm(Form):
    email = EmailField(
        _l("Email address"), validators=[DataRequired(), Length(max=254)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class FirstPasswordForm(Form):
    """A password for somebody who came by a link."""

    new = PasswordField(
        _l("Password"),
        validators=[DataRequired()],
        description=_l(
            "At least %(number)s characters; a short sentence is easy to remember.", number=SHORTEST_PASSWORD
        ),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("Password once more"),
        validators=[DataRequired(), EqualTo("new", _l("The two passwords differ. Type the same one twice."))],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(Form):
    current = PasswordField(
        _l("Present password"),
        validators=[DataRequired(), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("New password"),
        validators=[DataRequired()],
        description=_l(
            "At least %(number)s characters; a short sentence is easy to remember.", number=SHORTEST_PASSWORD
        ),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password once more"),
        validators=[DataRequired(), EqualTo("new", _l("The two new passwords differ. Type the same one twice."))],
        render_kw={"autocomplete": "new-password"},
    )
