#!/usr/bin/env python3
"""Months of sample bureaus' life, and crawls killed at random: are all events told, once, and no other?

    python benchmarks/world.py [--steps 120] [--seed 1] [--kills 100] [--diary FILE]

Nine bureaus of seven families live over real HTTP while noise goes on (see tests/world/acts.py and noises.py); a step
is half a day. Prints expected and raised events per type, each kind of noise with the false alarms that came while it
was on, and the kill loop's figures. Exit code 1 when an event is missing or false.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scheduler.alerts.outbox import deliver_due
from tests.world.test_kill import Sink, check_invariants, kill_loop
from tests.world.world import FAMILIES, World


def play(steps: int, seed: int, diary: Path | None = None) -> bool:
    """One life of the bureaus, with a newer version of the program now and then."""
    with tempfile.TemporaryDirectory(prefix="world-") as folder:
        world = World(Path(folder), seed=seed, bureaus=len(FAMILIES))
        try:
            world.first_crawl()
            for step in range(1, steps + 1):
                if step % 15 == 0:
                    world.renew_program(reparse=step % 30 == 0)
                world.step(full=step % 8 == 0)
                if step % 20 == 0:
                    print(f"  step {step}/{steps}: {sum(world.ledger.raised.values())} events", file=sys.stderr)
            world.settle()
            for bureau in world.bureaus[:2]:
                world.hijack(bureau)
            world.settle()
            check_invariants(world)
        finally:
            world.close()
            if diary:
                diary.write_text("\n".join(world.diary), encoding="utf-8")
        print(f"seed {seed}, {steps} steps\n{world.ledger.table()}")
        return world.ledger.perfect


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
        return world.ledger.perfect


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--diary", type=Path, metavar="FILE", help="what was expected and raised, line by line")
    options = parser.parse_args()
    good = play(options.steps, options.seed, options.diary) if options.steps else True
    good = (kill(options.kills, options.seed) if options.kills else True) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
