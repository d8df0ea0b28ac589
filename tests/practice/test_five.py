"""The small world of the tests stands."""

from factories.five import five
from upwell.practice.micro.models import Case


def test_names_lie_encrypted_and_are_read_back():
    world = five()

    raw = Case.objects.filter(pk=world.case.pk).values_list("person__first_name", flat=True).get()

    assert raw == "Evelina"
    assert world.case.person.called == "Eve Ostrowska"
