"""Behind the link of a letter: the answer has left already."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hub.exchange.forms import UnderWayForm
from hub.exchange.views.blueprint import blueprint, open_letter
from hub.extensions import db
from hub.forwardings.rules import Happening, NotNow, is_possible
from hub.forwardings.voices import through_link
from hub.responses import announcements
from hub.webkit.access import public


@blueprint.route("/a/<token>/under-way", methods=["GET", "POST"])
@public
def under_way(token: str) -> ResponseReturnValue:
    """Ask for number and date; with name and position it is told. The page of the letter then shows what is awaited."""
    link = open_letter(token)
    forwarding, form = link.forwarding, UnderWayForm(link.forwarding)
    if not is_possible(forwarding.stage, Happening.ANSWERED):
        return redirect(url_for(".letter", token=token))
    if not form.is_submitted() or not form.validate():
        page = render_template("exchange/under_way.html", forwarding=forwarding, form=form)
        return page, 422 if form.is_submitted() else 200
    voice = through_link(link.channel, link.dispatch_id, form.name.data or "", form.office.data or "")
    try:
        announcements.announce(forwarding, form.told(), voice)
        db.session.commit()
    except NotNow:  # the sender was faster: the page of the letter says how it stands
        db.session.rollback()
    return redirect(url_for(".letter", token=token), 303)
