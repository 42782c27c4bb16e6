"""The application for a WSGI server: `gunicorn wsgi:app`."""

import gc

from hub import create_app

app = create_app()
gc.collect()
gc.freeze()  # what is loaded stays for good: looking through it for garbage stops a page for a tenth of a second
