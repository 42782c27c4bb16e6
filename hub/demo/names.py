"""Invented people: the names go together at random, and every address ends in `.example` (RFC 2606)."""

import re
from collections.abc import Iterator
from random import Random

from hub.directory.models import Institution, InstitutionKind
from hub.directory.rules import bare_name

_FIRST = (
    "Adinda Arum Bagus Bayu Bima Candra Cahya Dimas Danang Dewanti Estu Fajar Galuh Gilang Hanum Hapsari Indra Intan "
    "Jati Kartika Kirana Laras Lintang Mahesa Mega Nanda Niken Pandu Pramudya Purnama Ratih Rangga Restu Sasmita "
    "Satria Sekar Surya Tirta Utari Wening Wira Wulan Yudha Yunita"
)
_LAST = (
    "Adiputra Anggarawan Arumdalu Baskarani Cakrawati Candramawa Danurwenda Dewangga Ekaprana Gumilang Hadiwarna "
    "Hastungkara Jayengrana Kartanegari Kertapati Lesmanawan Mahardini Mandalika Nagarani Nirwasita Paramita "
    "Prabawati Pranajaya Purbaningrum Raharjani Rukmantara Sasongkowati Setyaningtyas Sudibyani Suryakencana "
    "Tanjungsari Tirtayasan Wicaksanti Widyawarman Wirabumi Wulandaru Yogaswari Yudistirani"
)

_SHORT = {
    InstitutionKind.PROVINCE: "prov",
    InstitutionKind.REGENCY: "kab",
    InstitutionKind.CITY: "kota",
}


def people(random: Random) -> Iterator[str]:
    """Names, each once."""
    pairs = [f"{first} {last}" for first in _FIRST.split() for last in _LAST.split()]
    random.shuffle(pairs)
    return iter(pairs)


def domain(institution: Institution) -> str:
    """ "inspektorat-kab-probolinggo.example", or the code for the others: "ori-15.example"."""
    kind = _SHORT.get(institution.kind)
    if kind is None or institution.region is None:
        return f"{institution.code.lower()}.example"
    place = re.sub(r"[^a-z]+", "-", bare_name(institution.region.name).lower()).strip("-")
    return f"inspektorat-{kind}-{place}.example"


def address(name: str, institution: Institution) -> str:
    return f"{name.lower().replace(' ', '.')}@{domain(institution)}"
