"""Within a pattern: what moves together, what is still, and how far the rest may go."""

from __future__ import annotations

import numpy as np

from factories import lattices
from factories.nets import two_by_two
from upwell.evidence.disclosure.suppression.inside import Inside
from upwell.evidence.disclosure.suppression.net import net_of
from upwell.evidence.disclosure.suppression.suppress import suppress

LEAVES = np.arange(9) >= 5


def far(nodes, persons):
    return -np.full(nodes, float(persons)), np.full(nodes, float(persons))


def test_the_four_corners_of_a_table_move_together():
    inside = Inside(net_of(two_by_two()), LEAVES)

    assert inside.together(5).tolist() == [5, 6, 7, 8]
    assert inside.sign[5] == inside.sign[8] == -inside.sign[6] == -inside.sign[7]
    assert (inside.group[:5] == -1).all()


def test_a_hidden_cell_alone_in_its_row_is_still():
    inside = Inside(net_of(two_by_two()), LEAVES & (np.arange(9) != 8))

    assert (inside.group == -1).all()
    assert inside.together(5).tolist() == [5]


def test_the_farthest_move_ends_where_somebody_would_be_below_zero():
    inside = Inside(net_of(two_by_two()), LEAVES)
    reward = np.zeros(9)

    reward[5] = 1.0
    up = inside.farthest(0, reward, far(9, 100))
    down = inside.farthest(0, -reward, far(9, 100))

    assert up[5:].tolist() == [20, -20, -20, 20]
    assert down[5:].tolist() == [-5, 5, 5, -5]


def test_nothing_moves_farther_than_it_need():
    inside = Inside(net_of(two_by_two()), LEAVES)
    reward = np.zeros(9)
    reward[6] = 1.0

    move = inside.farthest(0, reward, far(9, 3))

    assert move[5:].tolist() == [-3, 3, 3, -3]


def test_what_hangs_on_a_still_cell_is_still():
    inside = Inside(net_of(two_by_two()), LEAVES)
    reward = np.zeros(9)
    reward[5] = 1.0

    once = inside.farthest(8, reward, far(9, 100))
    again = inside.farthest(0, reward, far(9, 100))
    inside.close(7)
    never = inside.farthest(0, reward, far(9, 100))

    assert not once.any()
    assert again[5] == 20
    assert not never.any()


def test_every_move_keeps_the_net_and_what_is_shown():
    system = lattices.lattice("XS", 2)
    hiding = suppress(system, lattices.demand_of(system), seed=1)
    net = net_of(system)
    inside = Inside(net, hiding.hidden)
    random = np.random.default_rng(3)

    moves = [inside.farthest(0, random.normal(size=len(net.persons)), far(len(net.persons), 3)) for _ in range(5)]

    for move in moves:
        assert np.abs(net.rows @ move).max() < 1e-6
        assert not move[: net.cells][~hiding.hidden].any()
        assert (net.persons + move > -1e-6).all()
    assert any(move.any() for move in moves)
