"""The page on protecting one's own table is true: its block runs, and its small count cannot be read off."""

from factories.documents import blocks_run


def test_the_block_runs_and_withholds_the_small_count_with_its_row_and_column(capsys) -> None:
    blocks = blocks_run("how-to/protect-your-own-table.md")

    said = capsys.readouterr().out.splitlines()
    assert blocks == 1
    assert [line for line in said if line.endswith(",withheld")] == [
        f"{county},{age},withheld" for county in ("Ash", "Birch") for age in ("old", "young")
    ]
