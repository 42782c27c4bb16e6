"""The application for a WSGI server: `gunicorn wsgi:app`."""

from hub import create_app

app = create_app()
