"""What people wrote never ends up in a log by way of an error."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hub.extensions import db


def test_an_error_of_the_database_does_not_quote_what_was_to_be_written(app: Flask) -> None:
    with pytest.raises(SQLAlchemyError) as error:
        db.session.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "Puspa Anggraini"})
    db.session.rollback()
    assert "nowhere" in str(error.value)
    assert "Puspa" not in str(error.value)
