"""Raise many concerns in the large agency, then gather once; print seconds. `python -m bench.site.gather CONCERNS`"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from random import Random

import django


def main(concerns: int) -> None:
    """Only the gathering is measured, not the making."""
    from django.db import transaction  # noqa: PLC0415 - only after django.setup
    from django.utils import timezone  # noqa: PLC0415

    from bench.site.fill import OPENED, pour  # noqa: PLC0415
    from upwell.practice.accounts.models import Agency, Worker  # noqa: PLC0415
    from upwell.practice.environment.coding import Barrier, Domain  # noqa: PLC0415
    from upwell.practice.micro.crossing import jobs  # noqa: PLC0415
    from upwell.practice.micro.models import Candidate, Case, Concern, Outbox  # noqa: PLC0415
    from upwell.practice.person.fields import seal  # noqa: PLC0415

    chance, now = Random(11), timezone.now()
    cases = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    by = Worker.objects.first()
    texts = {name: seal("It takes eleven weeks.", f"micro_concern.{name}") for name in ("problem", "impact")}
    kinds = [kind for kind in Barrier.values if kind != Barrier.DECLINED]
    rows = (
        {
            "id": uuid.UUID(int=chance.getrandbits(128), version=4),
            "case_id": chance.choice(cases),
            "by_id": by.pk,
            "domain": chance.choice(Domain.values),
            "barrier": chance.choice(kinds),
            "on": OPENED,
            "form_key": uuid.UUID(int=chance.getrandbits(128), version=4),
            "raised_at": now,
            **texts,
        }
        for _ in range(concerns)
    )
    with transaction.atomic():
        pour(Concern, rows)
    outbox = Outbox.objects.create(kind="gather", agency=Agency.objects.get(), due_on=timezone.localdate())
    began, cpu = time.perf_counter(), time.process_time()
    jobs.run.call(outbox.pk)
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    outbox.refresh_from_db()
    if outbox.error or not Candidate.objects.exists():
        sys.exit(f"Nothing was gathered: {outbox.error or outbox.said}")
    print(json.dumps(spent))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.site.settings")
    django.setup()
    main(int(sys.argv[1]))
