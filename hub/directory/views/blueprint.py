"""The blueprint that every page of the directory hangs on."""

from flask import Blueprint

blueprint = Blueprint("directory", __name__)
