"""The blueprint that every page of the upkeep hangs on."""

from flask import Blueprint

blueprint = Blueprint("upkeep", __name__)
