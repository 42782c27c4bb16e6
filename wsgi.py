"""The application for a WSGI server (`gunicorn wsgi:app`), and for `flask --app wsgi` with the commands of `hub`."""

from hub import create_app
from hub.cli import Doors

app = create_app()
app.cli = Doors(commands=app.cli.commands)
