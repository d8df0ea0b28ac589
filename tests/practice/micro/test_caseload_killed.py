"""A worker that is killed in the middle of an import: nothing is half there, and the next worker finishes it once."""

import json
from pathlib import Path

from faults.conftest import run, surroundings

PEOPLE = 1500
BEGIN = f"""
import django; django.setup()
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
from factories.caseload import export, previewed
from factories.five import five
from upwell.practice.micro.actions import caseload as actions
world = five()
batch = previewed(world.ben, export({PEOPLE}))
actions.caseload_apply(batch=batch, by=world.ben, team=world.team, workers={{"Shelter": world.ana}})
"""
KILLS = 6
KILL = f"""
import django; django.setup()
import json, os, random, signal, sqlite3, time
from django.core.management import call_command
from upwell.practice.micro.caseload import jobs  # loaded now, not in each fork
from upwell.web.management.commands import work

def there():
    connection = sqlite3.connect(os.environ["UPWELL_HOME"] + "/upwell.sqlite3", timeout=20)
    tables = ("person_person WHERE source_sha <> ''", "micro_case WHERE source_sha <> ''", "micro_caseloadrow")
    found = [connection.execute("SELECT count(*) FROM " + table).fetchone()[0] for table in tables]
    connection.close()
    return found

def worker():
    child = os.fork()
    if child == 0:
        call_command("work", once=True)
        os._exit(0)
    return child

seen = []
for _ in range({KILLS}):
    child = worker()
    time.sleep(random.uniform(0.0, 4.0))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    seen.append(there())
_, how = os.waitpid(worker(), 0)
print(json.dumps([seen, how, there()]))
"""
"""Workers that are forked from a process which has everything loaded, so that the kills fall into the work."""


def test_killed_at_any_moment_it_is_all_there_or_nothing_and_comes_in_once(tmp_path: Path) -> None:
    around = surroundings(tmp_path / "home")
    run(around, "-c", BEGIN)

    seen, how, finished = json.loads(run(around, "-c", KILL).splitlines()[-1])

    assert len(seen) == KILLS and all(each in ([0, 0, 0], [PEOPLE] * 3) for each in seen)
    assert how == 0 and finished == [PEOPLE] * 3
