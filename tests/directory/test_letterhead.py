"""The head of a letter: what the office chose, else its name."""

from hub.audit.rules import SYSTEM
from hub.directory import service as directory
from hub.letters import document, service
from hub.letters.models import LetterKind
from tests.letters.test_rules import CONTENT
from tests.world import World


def head(world: World) -> str:
    letter = service.draft(world.ksn, LetterKind.FORWARDING, "Penerusan pengaduan", CONTENT, None)
    html = document.html(letter)
    return " ".join(html[html.index("<header") : html.index("</header>")].split())


def test_without_lines_of_its_own_a_letter_is_headed_by_the_name(world: World) -> None:
    assert head(world) == (
        '<header class="head"> <h1 class="head-institution">Kementerian Sekretariat Negara</h1> '
        '<p class="head-unit">Asisten Deputi Pengaduan Masyarakat</p> '
        '<p class="head-reach">Jalan Melati Nomor 1, Jakarta · ksn-dumas@kantor.example</p>'
    )


def test_chosen_lines_and_the_website_stand_at_the_head(world: World) -> None:
    changes = {"letterhead": "Kementerian Contoh\r\n\r\n  Deputi <b>Contoh  \nAsdep", "website": "contoh.example"}
    directory.change_office(world.ksn, changes, SYSTEM)
    assert '<h1 class="head-institution">Kementerian Contoh</h1>' in head(world)
    assert '<p class="head-unit">Deputi &lt;b&gt;Contoh</p><p class="head-unit">Asdep</p>' in head(world)
    assert "ksn-dumas@kantor.example · contoh.example</p>" in head(world)
