"""Weeks of bureaus' life: every event exactly once, and none that did not happen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world.world import World


@pytest.mark.timeout(340)
@pytest.mark.slow
def test_every_event_is_told_and_no_other(tmp_path: Path) -> None:
    world = World(tmp_path, seed=3)
    try:
        world.first_crawl()
        for step in range(1, 11):
            if step == 6:
                world.renew_program(reparse=True)
            world.step(full=step % 5 == 0)
        world.settle()
        world.hijack(world.bureaus[0])
    finally:
        world.close()
    print(world.ledger.table())
    assert world.ledger.perfect
    assert sum(world.ledger.expected.values()) > 110
