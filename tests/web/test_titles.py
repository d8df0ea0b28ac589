"""Every page's title says what it is and ends in the program's name; a client's own pages say neither."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import upwell
from factories.five import five

SOURCE = Path(upwell.__file__).parent
TEMPLATES = [
    path
    for room in ("practice", "web")
    for folder in (SOURCE / room).rglob("templates")
    for path in folder.rglob("*.html")
]
OWN = '{% translate "My page" %}'
LEFT = '{% translate "Weather" %}'


def named(name: str) -> Path:
    """The file of a template, by the name others extend it under."""
    return next(path for path in TEMPLATES if path.as_posix().endswith(f"templates/{name}"))


def title_of(path: Path) -> str:
    """The title a page shows: its own, or that of the nearest page it is built on."""
    text = path.read_text(encoding="utf-8")
    if found := re.search(r"{% block title %}(.*?){% endblock %}", text, re.DOTALL):
        return found.group(1)
    above = re.search(r'{% extends "(.*?)" %}', text)
    return title_of(named(above.group(1))) if above else ""


PAGES = sorted(
    path for path in TEMPLATES if "{% block main %}" in path.read_text(encoding="utf-8") and path.name != "base.html"
)


def is_own(path: Path) -> bool:
    return path.parent.name == "portal"


@pytest.mark.parametrize("path", [each for each in PAGES if not is_own(each)], ids=lambda path: path.stem)
def test_a_page_says_what_it_is_and_ends_in_upwell(path: Path) -> None:
    what, dash, name = title_of(path).rpartition(" - ")

    assert (dash, name) == (" - ", "Upwell")
    assert what


@pytest.mark.parametrize("path", [each for each in PAGES if is_own(each)], ids=lambda path: path.stem)
def test_a_clients_page_names_neither_the_program_nor_what_it_shows(path: Path) -> None:
    assert title_of(path) in {OWN, LEFT}


def test_no_title_names_a_person() -> None:
    named_in = [path.name for path in PAGES if re.search(r"{{.*(person|called|worker|user)", title_of(path))]

    assert named_in == []


def test_a_page_shows_it_so(client: Client) -> None:
    client.force_login(five().cleo)

    assert "<title>Board - Upwell</title>" in client.get(reverse("board")).content.decode()


def test_the_door_shows_it_too(client: Client) -> None:
    assert "<title>Welcome - Upwell</title>" in client.get(reverse("home")).content.decode()
