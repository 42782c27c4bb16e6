"""The offices a new hub starts with: facts from the bundled tables, as rows of `Institution`.

Addresses and mailboxes stay empty until an administrator enters them. The number of a letter follows Peraturan ANRI
5/2021 in shape; each office may have its own pattern.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.directory.models import InstitutionKind
from hub.directory.rules import CITY, PROVINCE, REGENCY, bare_name

DATA = Path(__file__).parent / "data"
ITJEN, OMBUDSMAN, KEMENSETNEG = "ITJEN", "ORI", "KSN-DUMAS"

_KINDS = {PROVINCE: InstitutionKind.PROVINCE, REGENCY: InstitutionKind.REGENCY, CITY: InstitutionKind.CITY}
_LEADERS = {PROVINCE: "Gubernur", REGENCY: "Bupati", CITY: "Wali Kota"}


def table(name: str) -> list[dict[str, str]]:
    """Rows of `data/<name>.csv`."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def regions() -> list[dict[str, Any]]:
    """38 provinces, 416 regencies and 98 cities by Kemendagri code, provinces before what lies in them."""
    columns = ("code", "name", "kind", "zone")
    rows = [{**{key: row[key] for key in columns}, "parent_code": row["parent"] or None} for row in table("regions")]
    return sorted(rows, key=lambda row: str(row["code"]))


def central() -> list[dict[str, Any]]:
    """The offices in Jakarta at the top of both networks."""
    common = {"region_code": None, "seat": "Jakarta", "zone": "WIB", "supervisor_code": None}
    return [
        {
            "code": KEMENSETNEG,
            "name": "Kementerian Sekretariat Negara, Asisten Deputi Pengaduan Masyarakat",
            "kind": InstitutionKind.KEMENSETNEG,
            "line_addressee": "Deputi Bidang Hubungan Kelembagaan dan Kemasyarakatan",
            "head_title": "Asisten Deputi Pengaduan Masyarakat",
            "number_template": "B-{n}/Kemensetneg/D-4/Dumas/DM.05/{MM}/{YYYY}",
            **common,
        },
        {
            "code": ITJEN,
            "name": "Inspektorat Jenderal Kementerian Dalam Negeri",
            "kind": InstitutionKind.ITJEN,
            "line_addressee": "Menteri Dalam Negeri",
            "head_title": "Inspektur Jenderal Kementerian Dalam Negeri",
            "number_template": "700/{n}/Itjen/{YYYY}",
            **common,
        },
        {
            "code": OMBUDSMAN,
            "name": "Ombudsman Republik Indonesia",
            "kind": InstitutionKind.OMBUDSMAN_HEAD,
            "line_addressee": "",
            "head_title": "Ketua Ombudsman Republik Indonesia",
            "number_template": "B-{n}/ORI/{MM}/{YYYY}",
            **common,
        },
    ]


def ombudsman_offices() -> Iterator[dict[str, Any]]:
    """The 34 regional offices "ORI-01" to "ORI-34". One that serves several provinces is listed under its first."""
    zones = {row["code"]: row["zone"] for row in table("regions")}
    for row in table("ombudsman_offices"):
        province = row["province_codes"].split()[0]
        code = f"ORI-{int(row['no']):02}"
        yield {
            "code": code,
            "name": f"Ombudsman RI Perwakilan {row['office']}",
            "kind": InstitutionKind.OMBUDSMAN_OFFICE,
            "region_code": province,
            "supervisor_code": OMBUDSMAN,
            "line_addressee": "Ketua Ombudsman Republik Indonesia",
            "head_title": f"Kepala Perwakilan Ombudsman RI {row['office']}",
            "seat": row["seat"],
            "zone": zones[province],
            "number_template": f"B-{{n}}/{code}/{{MM}}/{{YYYY}}",
        }


def covered_provinces() -> Iterator[tuple[str, set[str]]]:
    """Code of each Ombudsman office, and of the provinces it serves."""
    for row in table("ombudsman_offices"):
        yield f"ORI-{int(row['no']):02}", set(row["province_codes"].split())


def inspectorates() -> Iterator[dict[str, Any]]:
    """546 regional inspectorates, provinces first. A regency's seat is given by its own name until it is edited."""
    seats = {row["code"]: row["seat"] for row in table("province_seats")}
    rows = [row for row in table("regions") if row["own_inspectorate"] == "yes"]
    for row in sorted(rows, key=lambda row: (len(row["code"]), row["code"])):
        place = f"Provinsi {row['name']}" if row["kind"] == PROVINCE else row["name"]
        yield {
            "code": row["code"],
            "name": f"Inspektorat {place}",
            "kind": _KINDS[row["kind"]],
            "region_code": row["code"],
            "supervisor_code": row["parent"] or ITJEN,
            "line_addressee": f"{_LEADERS[row['kind']]} {bare_name(row['name'])}",
            "head_title": f"Inspektur {place}",
            "seat": seats.get(row["code"], bare_name(row["name"])),
            "zone": row["zone"],
            "number_template": "700/{n}/Inspektorat/{YYYY}",
        }
