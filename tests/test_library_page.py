"""The page of the library is true: every block of it runs, in its order, and every name it leads to is there."""

from factories.documents import blocks_run, words_of
from upwell import library

PAGE = "reference/library.md"


def test_every_block_runs_in_its_order(capsys) -> None:
    blocks = blocks_run(PAGE)

    said = capsys.readouterr().out
    assert blocks >= 6
    assert "Alder, 55 and over is 7: 150 (all of Alder) less 31" in said and "NOT PROTECTED" in said


def test_the_page_names_everything_that_the_library_offers() -> None:
    page = words_of(PAGE)

    assert [name for name in library.__all__ if name not in page and name != "Table"] == []
