"""`upwell synthetic`: an invented county, written as the export that a real one would write."""

from __future__ import annotations

from pathlib import Path

import click

from upwell.cli import options
from upwell.cli.errors import DoorError
from upwell.cli.narrate import narrator
from upwell.cli.scratch import claimed
from upwell.records.cases.synthetic.generate import generate
from upwell.records.cases.synthetic.plants import read_plants


@click.command()
@click.option("--people", default=6000, show_default=True, type=click.IntRange(1, 2_000_000), help="How many people.")
@click.option("--years", default=3, show_default=True, type=click.IntRange(1, 10), help="How many years of records.")
@options.seed("Same seed, same county.")
@click.option(
    "--plant",
    "plants",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Issues to plant, a TOML file (docs/reference/plants.md). Default: none.",
)
@click.option("--defects", is_flag=True, help="Sprinkle every kind of defect that real exports have.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder, or a name that ends in .zip. It must not be there yet.",
)
def synthetic(*, people: int, years: int, seed: int, plants: Path | None, defects: bool, output: Path) -> None:
    """Write an invented county as HUD HMIS CSV. Nobody in it ever lived.

    \b
    Example:  ./upwell synthetic --people 6000 --years 3 --seed 7 -o county
              ./upwell synthetic --people 1000 --years 2 --seed 7 --defects -o broken.zip
    """
    if output.exists():
        raise DoorError(f"{output} is there already. Name another place with -o.")
    output.parent.mkdir(parents=True, exist_ok=True)
    issues = read_plants(plants) if plants else ()
    with narrator() as tell, claimed(output.parent, "upwell-synthetic") as container:
        made = container / "made" / output.name
        made.parent.mkdir()
        generate(people=people, years=years, seed=seed, plants=issues, out=made, defects=defects, progress=tell.part)
        for path in sorted(made.parent.iterdir(), reverse=True):
            path.rename(output.parent / path.name)
    click.echo(f"Invented {people} people in {output}. Try: ./upwell brief {output}")
