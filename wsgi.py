"""The application for a WSGI server (`gunicorn wsgi:app`), and for `flask --app wsgi` with the commands of `hub`."""

import gc

from hub import create_app
from hub.cli import Doors

app = create_app()
app.cli = Doors(commands=app.cli.commands)
gc.collect()
gc.freeze()  # what is loaded stays for good: looking through it for garbage stops a page for a tenth of a second
