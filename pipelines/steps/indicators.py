"""Fourth step: the figures of a report's text and tables, and of its files."""

from __future__ import annotations

from pipelines.documents import DocumentText
from pipelines.items import FetchedPage, Report
from pipelines.reading import document_indicators, indicators_of
from pipelines.steps.base import Step, guarded
from pipelines.storage.reports import report_of_page


class IndicatorsStep(Step):
    """Fills the indicators of `item.report` and of `item.documents`."""

    @guarded
    async def process_item(self, item: FetchedPage) -> FetchedPage:
        """Reads figures; a document in a page's place brought its own."""
        if item.report is not None and not item.document:
            item.report.indicators = indicators_of(item.report)
        if item.report is not None:
            self.count("indicators", len(item.report.indicators))
        if any(document.text or document.tables for document in item.documents):
            report = item.report or self._known(item)
            for document in item.documents:
                if document.text or document.tables:
                    text = DocumentText(
                        text=document.text,
                        tables=document.tables,
                        media_type=document.media_type or "application/octet-stream",
                        flags=document.flags,
                    )
                    document.indicators = document_indicators(text, report)
                    self.count("indicators", len(document.indicators))
        return item

    def _known(self, item: FetchedPage) -> Report:
        """The report that an unchanged page belongs to, for its period and agency."""
        with self.database.session() as session:
            return report_of_page(session, item.page_id) or Report(url=item.url)
