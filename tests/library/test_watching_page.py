"""The page on watching is true: every block of it runs, in its order."""

from factories.documents import blocks_run


def test_every_block_runs_in_its_order(capsys) -> None:
    blocks = blocks_run("how-to/watch-for-what-is-new.md")

    said = capsys.readouterr().out
    assert blocks == 3 and said.count("NOT PROTECTED") == 2
    assert "place: north" in said and "tract 00" in said
