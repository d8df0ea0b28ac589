"""A guard is asked before each view, and its answer stands where it gives one."""

from __future__ import annotations

from django.http import HttpResponse

from upwell.practice.accounts.guarding import before_views


def page(request):
    return HttpResponse("the page")


def test_the_guard_is_where_django_asks_before_a_view(rf):
    middleware = before_views(lambda request, view, args, kwargs: HttpResponse("not now"))(page)

    assert middleware.process_view(rf.get("/"), page, (), {}).content == b"not now"


def test_behind_the_guard_the_page_is_answered_as_it_was(rf):
    middleware = before_views(lambda request, view, args, kwargs: None)(page)

    assert middleware.process_view(rf.get("/"), page, (), {}) is None
    assert middleware(rf.get("/")).content == b"the page"


def test_two_middlewares_keep_their_own_guards(rf):
    first, second = before_views(lambda *all_of_it: HttpResponse("one")), before_views(lambda *all_of_it: None)

    assert first(page).process_view(rf.get("/"), page, (), {}) is not None
    assert second(page).process_view(rf.get("/"), page, (), {}) is None
