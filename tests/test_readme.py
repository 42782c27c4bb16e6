"""The README tells what is there."""

import re
from pathlib import Path

import click
import pytest

from hub.cli import commands
from hub.config import ROOT, Settings

README = Path(ROOT, "README.md").read_text()
MAKEFILE = Path(ROOT, "Makefile").read_text()


def test_every_setting_is_in_the_table():
    told = set(re.findall(r"`HUB_(\w+)`", README))
    assert {name.upper() for name in Settings.model_fields} == told


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`hub ([^`]+)`", README))))
def test_every_command_is_one_the_hub_knows(line):
    words, options = [word for word in line.split() if word.islower()], re.findall(r"--[a-z-]+", line)
    command: click.Command = commands
    for word in words:
        if not isinstance(command, click.Group):
            break
        found = command.get_command(click.Context(command), word)
        assert found is not None or word.startswith("-"), line
        command = found or command
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert set(options) <= known, line


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make (\w+)", README)) - {"for", "it"}))
def test_every_target_is_in_the_makefile(target):
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_every_file_it_names_is_there():
    for path in re.findall(r"`((?:hub|tests|examples|templates|\.ci)/[\w./]*)`", README):
        assert Path(ROOT, path).exists(), path
