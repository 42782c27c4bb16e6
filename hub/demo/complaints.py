"""The complaints of the sample files, moved to other places: their words are made to fit where they go."""

import re
from dataclasses import replace
from datetime import date
from random import Random

from hub.complaints import importing
from hub.complaints.rules import Intake
from hub.config import ROOT
from hub.directory.models import Region
from hub.directory.rules import CITY, PROVINCE, bare_name

FILES = ("sample_complaints_lapor.csv", "sample_complaints_kand4.csv")
HOME = "35.13"
"""Where the sample files come from; what stays there keeps its sub-districts and its WhatsApp channel."""

_SIDES = ("Utara", "Timur", "Tengah")
_INVENTED = (
    "Sukamaju",
    "Mekarsari",
    "Tanjung Harapan",
    "Muara Indah",
    "Karya Baru",
    "Bukit Permai",
    "Sumber Rejeki",
    "Harapan Jaya",
)
_SUBDISTRICT = re.compile(r"Kecamatan ([A-Z][a-z]+)")
_FIRST_DIGIT = re.compile(r"^7|(?<=KND4-)0")
"""Of the numbers the two channels give: 7000046, KND4-0001."""
_PAPUA = "9"
"""Codes of the six Papuan provinces begin so; there a kecamatan is a distrik."""


def samples(regions: list[Region], today: date) -> list[Intake]:
    """All 420 complaints of the two sample files, as the import reads them."""
    found: list[Intake] = []
    for name in FILES:
        checked = importing.check((ROOT / "examples" / name).read_bytes(), regions, today)
        if checked.faults:
            raise ValueError(f"{name}, line {checked.faults[0].line}: {checked.faults[0].message}")
        found.extend(row.intake for row in checked.accepted)
    return found


def moved(intake: Intake, region: Region, random: Random) -> Intake:
    """The same complaint, written by somebody in `region`. Its number is another: the sample files stay importable."""
    number = _FIRST_DIGIT.sub("9", intake.tracking_id or "") or None
    if region.code == HOME:
        return replace(intake, region_code=HOME, tracking_id=number)
    place = _place(region, random)
    return replace(
        intake,
        region_code=region.code,
        channel="WhatsApp" if intake.channel == "Lapor Kand4" else intake.channel,
        tracking_id=number and number.replace("KND4-", "WA-"),
        subject=_rewritten(intake.subject, place, region),
        body=_rewritten(intake.body, place, region),
    )


def _place(region: Region, random: Random) -> str:
    """A sub-district that could be there: "Kecamatan Ende Timur", "Distrik Harapan Jaya"."""
    word = "Distrik" if region.code.startswith(_PAPUA) else "Kecamatan"
    name = bare_name(region.name)
    is_short = len(name.split()) == 1 and region.kind != PROVINCE
    return f"{word} {name} {random.choice(_SIDES)}" if is_short else f"{word} {random.choice(_INVENTED)}"


def _rewritten(text: str, place: str, region: Region) -> str:
    text = _SUBDISTRICT.sub(place, text)
    if region.kind == PROVINCE:
        return text.replace("Jalan kabupaten", "Jalan provinsi")
    if region.kind == CITY:
        return text.replace("Jalan kabupaten", "Jalan kota").replace("dana desa", "dana kelurahan")
    return text
