"""What happens to reports in the world, each with the event that it must give rise to (or none)."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from scheduler.demo.bureaus.attachments import word
from scheduler.demo.bureaus.model import Bureau, SampleReport
from tests.world.texts import TOPICS

if TYPE_CHECKING:
    from tests.world.world import World


def publish(world: World, bureau: Bureau) -> None:
    """One to three new reports: on two columns, pinned, inserted late with an old date, or copied by another bureau."""
    for _ in range(world.random.choice((1, 1, 2, 3))):
        report = world.make_report(bureau)
        roll = world.random.random()
        if roll < 0.15 and "news" in bureau.column_names:
            report = dataclasses.replace(report, columns=("main", "news"))
        elif roll < 0.25:
            report = dataclasses.replace(report, pinned=True)
        elif roll < 0.35:
            report = dataclasses.replace(report, published=report.published - timedelta(days=9))
        elif roll < 0.4:
            report = dataclasses.replace(report, published=report.published - timedelta(days=40))
        bureau.publish(report)
        world.expect("report.new", bureau, report.title)
        if 0.4 <= roll < 0.55:
            copy_to(world, bureau, report)


def copy_to(world: World, bureau: Bureau, report: SampleReport) -> None:
    """Another bureau repeats a report under its own address and number."""
    other = world.random.choice([b for b in world.bureaus if b is not bureau])
    published = report.published.astimezone(other.reports[next(iter(other.reports))].published.tzinfo)
    copy = dataclasses.replace(
        report, id=f"{report.id}9", columns=("main",), content_source=bureau.name, files=(), pinned=False, link=None,
        published=published, drafted=report.drafted or report.published,
    )  # fmt: skip
    other.publish(copy)
    world.copies[copy.id] = report.id


def copy_late(world: World, bureau: Bureau) -> None:
    """A report of some days ago is repeated by another bureau: the same report at one more place."""
    fresh = [
        r for r in bureau.reports.values()
        if world.quiet(bureau, r) and not world.copied(r) and world.now - r.published < timedelta(days=6)
    ]  # fmt: skip
    if fresh:
        copy_to(world, bureau, world.random.choice(fresh))
        world.ledger.noise["late copy"] += 1


def follow_up(world: World, bureau: Bureau) -> None:
    """A bureau brings its copy of a report in line with what the original says by now."""
    for copy_id, original_id in world.copies.items():
        copy = bureau.reports.get(copy_id)
        home = next((b for b in world.bureaus if original_id in b.reports), None)
        original = home.reports[original_id] if home else None
        if copy and original and copy.body != original.body and world.quiet(bureau, original):
            bureau.edit(copy_id, body=original.body, at=world.now)
            world.ledger.noise["copy follows"] += 1
            return


def edit(world: World, bureau: Bureau) -> None:
    """The closing paragraph is another one."""
    if report := world.pick(bureau):
        body = list(report.body)
        world.serial += 1  # a correction that says what stands there already would be none
        body[-1] = f"经核实，现对有关内容予以更正，整改时限延长{world.serial}天。"
        bureau.edit(report.id, body=tuple(body), at=world.now)
        world.expect("report.revised", bureau, report.title, field="body")


def correct_figure(world: World, bureau: Bureau) -> None:
    """One figure in a sentence is another one: told as a change of the figure, too."""
    report = world.pick(bureau)
    if report is None:
        return
    for n, sentence in enumerate(report.body):
        if isinstance(sentence, str) and (match := re.match(r"(?:出动工作人员|抽检样品)(\d+)", sentence)):
            other = sentence.replace(match[1], str(int(match[1]) + 7), 1)
            bureau.edit(report.id, body=(*report.body[:n], other, *report.body[n + 1 :]), at=world.now)
            world.expect("report.revised", bureau, report.title, field="indicator")
            return


def append(world: World, bureau: Bureau) -> None:
    """A paragraph is added at the end."""
    if report := world.pick(bureau):
        world.serial += 1
        line = f"{world.random.choice(('补充说明：', ''))}另有{world.serial}处点位由街道办事处负责复查。"
        bureau.edit(report.id, body=(*report.body, line), at=world.now)
        world.expect("report.revised", bureau, report.title, field="body")


def retitle(world: World, bureau: Bureau) -> None:
    """A typing error in the title is mended."""
    report = world.pick(bureau)
    if report is not None and not world.copied(report):
        title = re.sub("|".join(TOPICS), world.random.choice(TOPICS), report.title)
        if title != report.title:
            bureau.edit(report.id, title=title, at=world.now)
            world.expect("report.revised", bureau, title, field="title")


def renumber(world: World, bureau: Bureau) -> None:
    """The document number is mended."""
    report = world.pick(bureau)
    if report is not None and report.document_number and report.index_number and not bureau.noise.unlabelled:
        world.serial += 1
        bureau.edit(report.id, document_number=f"{bureau.name[0]}通〔2023〕{world.serial}号", at=world.now)
        world.expect("report.revised", bureau, report.title, field="document_number")


def add_file(world: World, bureau: Bureau) -> None:
    """A report gets one more attachment."""
    if report := world.pick(bureau):
        world.serial += 1
        file = word(f"补充材料{world.serial}.docx", f"补充材料第{world.serial}号")
        bureau.edit(report.id, files=(*report.files, file), at=world.now)
        world.expect("report.revised", bureau, report.title, field="attachments")


def swap(world: World, bureau: Bureau) -> None:
    """Another file stands under the same address."""
    report = world.pick(bureau)
    if report is None or not report.files:
        return
    file = report.files[0]
    raw = word(file.name, f"附表（更新{world.random.random()}）").raw
    bureau.replace_attachment(report.id, file.name, raw, at=world.now)
    world.expect("attachment.changed", bureau, report.title)


def withdraw(world: World, bureau: Bureau) -> None:
    """A report is taken off, in one of the ways of the field."""
    report = world.pick(bureau)
    if report is None or world.copied(report) or len(bureau.gone) > 2:
        return
    bureau.withdraw(report.id, world.random.choice(("404", "410", "soft", "home")))
    world.expect("report.withdrawn", bureau, report.title)


def restore(world: World, bureau: Bureau) -> None:
    """A report whose withdrawal was told comes back."""
    told = [i for i in bureau.gone if i not in world.blinking and world.settled(bureau.reports[i].title)]
    if told:
        bureau.restore(told[0])
        world.expect("report.restored", bureau, bureau.reports[told[0]].title)


def spam(world: World, bureau: Bureau) -> None:
    """Strangers change one page's title; told once, whatever the page shows besides."""
    report = world.pick(bureau)
    if report is not None and not world.copied(report) and report.id not in bureau.spammed:  # a cure may go unseen
        bureau.spam(report.id, "-鸿运娱乐平台官网")
        world.expect("report.tampered", bureau, report.title)


def cure(world: World, bureau: Bureau) -> None:
    """A page is cleaned: silent."""
    for id_, words in bureau.spammed.items():
        if words and world.settled(bureau.reports[id_].title):
            bureau.spam(id_, "")
            world.ledger.noise["cured"] += 1
            return


# What leaves everything as it was


def blink(world: World, bureau: Bureau) -> None:
    """A page is gone for one check and back at the next."""
    report = world.pick(bureau)
    if report is not None and len(bureau.gone) <= 2:
        bureau.withdraw(report.id, world.random.choice(("404", "soft")))
        world.blinking[report.id] = bureau
        world.ledger.noise["gone for one check"] += 1


def there_and_back(world: World, bureau: Bureau) -> None:
    """A page that alternates at each request within one check: A-B-A."""
    if report := world.pick(bureau):
        bureau.flip(report.id, "本页面正在编辑，请稍后查看最终版本。")
        world.ledger.noise["A-B-A"] += 1


def retype(world: World, bureau: Bureau) -> None:
    """The same words in other characters: full width, spaces, other brackets."""
    if report := world.pick(bureau):
        body = [p.replace("，", ", ").replace("：", ":") if isinstance(p, str) else p for p in report.body]
        bureau.edit(report.id, body=tuple(body), at=world.now)
        world.ledger.noise["retyped"] += 1


def touch(world: World, bureau: Bureau) -> None:
    """Saved again by an editor: another Last-Modified, the same content."""
    if report := world.pick(bureau):
        bureau.edit(report.id, at=world.now)
        world.ledger.noise["saved again"] += 1


ACTS = (
    (0.4, publish), (0.2, edit), (0.08, correct_figure), (0.05, append), (0.05, retitle), (0.05, renumber),
    (0.04, add_file), (0.08, swap), (0.08, withdraw), (0.15, restore), (0.05, spam), (0.3, cure), (0.06, copy_late),
    (0.3, follow_up), (0.05, blink), (0.08, there_and_back), (0.06, retype), (0.06, touch),
)  # fmt: skip
