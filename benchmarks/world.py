#!/usr/bin/env python3
"""Months of sample bureaus' life, and crawls killed at random: are all events told, once, and no other?

    python benchmarks/world.py [--steps 120] [--seed 1] [--kills 100]

Five bureaus of four families publish, edit, withdraw, restore and get hijacked over real HTTP while noise goes on; a
step is half a day. Prints expected and raised events per type, the noise, false alarms, and the kill loop's figures.
Exit code 1 when an event is missing or false.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scheduler.alerts.outbox import deliver_due
from tests.world.test_kill import Sink, check_invariants, kill_loop
from tests.world.world import World


def play(steps: int, seed: int) -> bool:
    """One life of the bureaus."""
    with tempfile.TemporaryDirectory(prefix="world-") as folder:
        world = World(Path(folder), seed=seed)
        try:
            world.first_crawl()
            for step in range(1, steps + 1):
                world.step(full=step % 8 == 0)
                if step % 20 == 0:
                    print(f"  step {step}/{steps}: {sum(world.ledger.raised.values())} events", file=sys.stderr)
            world.settle()
            for bureau in world.bureaus[:2]:
                world.hijack(bureau)
            world.settle()
        finally:
            world.close()
        print(world.ledger.table())
        return not (world.ledger.false or world.ledger.missed)


def kill(kills: int, seed: int) -> bool:
    """Crawls under SIGKILL."""
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        world, sink = World(Path(folder), seed=seed), Sink()
        try:
            world.first_crawl()
            killed = kill_loop(world, sink, kills)
            check_invariants(world)
            deliver_due(world.database, world.config, world.now)
        finally:
            world.close()
            sink.close()
        again = sum(sink.keys.values()) - len(sink.keys)
        print(f"{killed} kills: {len(sink.keys)} deliveries arrived, {again} of them again with the same key")
        print(world.ledger.table())
        return not (world.ledger.false or world.ledger.missed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=100)
    options = parser.parse_args()
    good = play(options.steps, options.seed) if options.steps else True
    good = (kill(options.kills, options.seed) if options.kills else True) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
