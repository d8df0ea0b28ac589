"""Logs hold nothing of anybody, whatever goes wrong and wherever a name stands in a request."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from factories.five import Five, five
from upwell.practice.accounts.may import open_to
from upwell.web import jobs, urls
from upwell.web.logs import BareFormatter

NAME = "Evelina Ostrowska"


@open_to("public")
def breaks(request: HttpRequest, name: str = "") -> HttpResponse:
    """Fails with a name in the message, in the cause and in the arguments."""
    try:
        raise KeyError(NAME)
    except KeyError as error:
        raise ValueError(f"{NAME} cannot be found", NAME) from error


urlpatterns = [*urls.urlpatterns, path("breaks/<str:name>", breaks), path("breaks/", breaks)]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


@pytest.fixture()
def written() -> Iterator[io.StringIO]:
    """What the loggers write, through the formatter that the settings name."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(BareFormatter())
    loggers = [logging.getLogger(), logging.getLogger("upwell"), logging.getLogger("django")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield out
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.fixture()
def world() -> Five:
    return five()


def has_no_value(text: str) -> bool:
    return not [word for word in ("Evelina", "Ostrowska", "ana@example", "192.0.2.7") if word.lower() in text.lower()]


@pytest.mark.urls("tests.web.test_logs")
def test_an_exception_with_a_name_in_it_leaves_class_and_place_only(written: io.StringIO) -> None:
    client = Client(raise_request_exception=False)

    for address in (f"/breaks/{NAME}", f"/breaks/?q={NAME}"):
        answer = client.get(address, REMOTE_ADDR="192.0.2.7")
        assert answer.status_code == 500 and has_no_value(answer.content.decode())
    client.post("/breaks/", {"name": NAME})

    text = written.getvalue()
    assert "ValueError" in text and "GET /breaks/<str:name> 500" in text
    assert has_no_value(text) and "Traceback" not in text


def test_a_request_with_a_name_in_path_and_query_leaves_its_route_only(written: io.StringIO, world: Five) -> None:
    client = Client()
    client.force_login(world.ana)

    for address in (f"/{NAME}/", f"/cases?q={NAME}", f"/environment/?q={NAME}", f"/library/?words={NAME}"):
        client.get(address)
    client.post("/account/login/", {"login": f"{NAME}@example.org", "password": NAME})

    assert "GET /" in written.getvalue() and has_no_value(written.getvalue())


def test_a_made_up_method_or_a_line_break_cannot_write_into_the_log(written: io.StringIO) -> None:
    Client().generic("EVELINA", "/health/live")
    logging.getLogger("upwell.web").info("one\n2026-01-01 INFO forged")

    assert has_no_value(written.getvalue()) and "\n2026-01-01" not in written.getvalue()


def test_words_of_other_peoples_code_are_left_out(written: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", NAME)
    logging.getLogger("some.library").error(f"could not send to {NAME}")
    try:
        raise LookupError(NAME)
    except LookupError:
        logging.getLogger("some.library").exception(NAME)

    assert "some.library" in written.getvalue() and "LookupError" in written.getvalue()
    assert has_no_value(written.getvalue())


@pytest.mark.django_db(transaction=True)  # the worker closes connections between its steps
def test_a_failing_job_stores_and_logs_class_and_place_only(written: io.StringIO) -> None:
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - a table, wanted by this test alone

    from upwell.practice.micro.caseload.jobs import step  # noqa: PLC0415

    step.enqueue(f"{NAME} is no id")

    jobs.Runner("a-worker").run()

    row = DBTaskResult.objects.get()
    assert (row.status, row.exception_class_path) == ("FAILED", "builtins.ValueError")
    assert has_no_value(row.traceback) and has_no_value(written.getvalue()) and "ValueError" in written.getvalue()
