"""The blueprint that every page of the directory hangs on."""

from flask import Blueprint

from hub.directory import rules

blueprint = Blueprint("directory", __name__)
blueprint.add_app_template_filter(rules.dialled, "dialled")
blueprint.add_app_template_filter(rules.whatsapp, "whatsapp")
blueprint.add_app_template_filter(rules.written, "written")
