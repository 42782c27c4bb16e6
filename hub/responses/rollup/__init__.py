"""Answers of offices below, offered as the answer to the letter that was passed on."""
