"""Every address of the application, and the bare list."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from upwell.practice.micro.models import Case

BARE = """<!doctype html><html lang="en"><head><title>Cases</title></head><body><h1>Cases</h1><table>
{% for case in cases %}<tr><td>{{ case.pk }}</td><td>{{ case.state }}</td><td>{{ case.programme }}</td>
<td>{{ case.opened_on }}</td></tr>{% endfor %}</table></body></html>"""


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty cases in a table: what any Django page costs, without names, rights, menu or audit."""
    template = engines["django"].from_string(BARE)
    return HttpResponse(template.render({"cases": Case.objects.filter(state="in_service")[:50]}))


urlpatterns = [path("bare/", bare), path("", include("upwell.web.urls"))]
handler404 = "upwell.web.errors.not_found"
