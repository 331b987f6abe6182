"""What only looks as if something happened: changes of sites and templates, and spells of ill health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.demo.bureaus.model import Bureau

if TYPE_CHECKING:
    from tests.world.world import World

TOGGLES = (
    "counters", "ads", "related", "shuffled", "session_ids", "no_validators", "neighbours", "furniture", "unlabelled",
    "states_all", "soft_404",
)  # fmt: skip
NOTICES = (None, "本网站将于近日进行改版升级，欢迎提出意见建议", "热烈庆祝政务服务中心新址启用")
DISCLAIMERS = (None, "本网站所载信息以纸质文件为准，转载请注明出处。", "未经本机关授权，任何单位不得转载本网站内容。")
FAULTS: tuple[tuple[str, Any, bool], ...] = (
    ("outage", 503, True), ("outage", 500, True), ("challenge", "jsl", True), ("challenge", "412", True),
    ("challenge", "200", True), ("empty_listing", True, True), ("truncated", True, True), ("maintenance", True, True),
    ("refused", True, True), ("sent_to_login", True, True), ("shrunk", 2, True), ("details", "500", False),
    ("details", "soft", False), ("details", "home", False), ("details", "404", False),
)  # fmt: skip
"""Field of `Noise`, its value, and whether a listing that is read shows it (then two checks in a row must tell)."""


def harmless(world: World, bureau: Bureau) -> None:
    """Switches one kind of noise on or off."""
    noise, pick = bureau.noise, world.random
    name = pick.choice((*TOGGLES, "lies_about_pages", "theme", "notice", "disclaimer", "other_links"))
    if name == "unlabelled" and any(e.field == "document_number" and e.source == bureau.id for e in world.pending):
        return  # what no page shows any more nobody can read
    world.ledger.noise[name] += 1
    if name == "theme":
        noise.theme += 1
        world.expect("source.changed", bureau, optional=True)
    elif name == "lies_about_pages":
        noise.lies_about_pages = 0 if noise.lies_about_pages else 3
    elif name == "notice":
        noise.notice = pick.choice(NOTICES)
    elif name == "disclaimer":
        noise.disclaimer = pick.choice(DISCLAIMERS)
    elif name == "other_links":
        known = frozenset(r.id for r in bureau.reports.values() if world.quiet(bureau, r))
        root = world.servers[bureau.id].url.replace("http:", pick.choice(("http:", "https:", "HTTP:")))
        noise.other_links = ("", frozenset()) if noise.other_links[1] else (root, known)
    else:  # a template that states a field on all pages, or on none, stays so: else nobody could tell who filled one in
        world.diary.append(f"{world.now:%m-%d %H} {bureau.id} {name}")
        setattr(noise, name, name in ("unlabelled", "states_all") or not getattr(noise, name))


def fault(world: World, bureau: Bureau) -> None:
    """A spell of ill health of one to four checks; now and then something is withdrawn behind it."""
    if bureau.id in world.faults or world.now - world.healed.get(bureau.id, world.start) < 3 * world.step_length:
        return  # one spell of ill health at a time
    name, value, listed = world.random.choice(FAULTS)
    steps = world.random.choice((1, 2, 3, 4))
    world.ledger.noise[f"{name} {value}".removesuffix(" True")] += 1
    setattr(bureau.noise, name, value)
    world.faults[bureau.id] = (name, steps)
    if steps >= 2:
        world.expect("source.failing", bureau, optional=not listed)
        world.expect("source.recovered", bureau, optional=not listed)


def heal(world: World) -> None:
    """One check further on: spells that are over end."""
    for bureau in world.bureaus:
        name, left = world.faults.get(bureau.id, ("", 0))
        if left > 1:
            world.faults[bureau.id] = (name, left - 1)
        elif left:
            setattr(bureau.noise, name, False if getattr(bureau.noise, name) is True else None)
            del world.faults[bureau.id]
            world.healed[bureau.id] = world.now


def active(bureau: Bureau) -> set[str]:
    """The kinds of noise that a bureau shows now."""
    return {name for name, value in vars(bureau.noise).items() if value not in (False, None, 0, 0.0, ("", frozenset()))}
