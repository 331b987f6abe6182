"""Every error that the program raises on purpose.

BureauwatchError                 one line that names the cause, and a cure
├── ConfigurationError           settings or files of the user's are wrong
│   ├── SettingsError            an environment variable or bureauwatch.toml
│   ├── SourceError              a source's YAML: file, line, key, what was expected
│   └── SubscriptionError        a channel URL, query, threshold or time that cannot be used
├── UnknownNameError             no source, report, subscription … of that name
├── FetchError                   a page could not be had; carries its failure class
│   ├── BlockedError             a challenge or a block: reported, never solved
│   ├── NotAllowedError          robots.txt, a private address, a scheme that is not fetched
│   └── IncompleteResponseError  shorter than announced, broken compression, over the limit
├── ReadError                    bytes that are not what they should be
│   ├── AnotherPageError         something else stands under a report's address
│   ├── ListingError             a list page without entries, or that is no list
│   └── DocumentError            a file that cannot be read
│       ├── EncryptedDocumentError
│       └── DocumentLimitError   over its time, memory or size
├── StorageError                 the database or the archive
│   ├── DatabaseBusyError        locked for longer than the wait
│   ├── DiskFullError
│   └── MigrationError           the database is newer than the program, or cannot be upgraded
└── DeliveryError                a channel did not take an alert
    ├── DeliveryRefusedError     it said no in so many words: a retry is of no use
    └── DeliveryUncertainError   no answer: it may or may not have arrived
"""

from __future__ import annotations

from pipelines.messages import say


class BureauwatchError(Exception):
    """An error to be shown to the user as one line: what happened, and what to do about it."""

    def __init__(self, message: str, *, cure: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure

    def __str__(self) -> str:
        return say("{message}. {cure}", message=self.message, cure=self.cure) if self.cure else self.message


class ConfigurationError(BureauwatchError):
    """Settings or files of the user's are wrong."""


class SettingsError(ConfigurationError):
    """An environment variable or a key of bureauwatch.toml is wrong."""


class SourceError(ConfigurationError):
    """A source's YAML file is wrong."""

    def __init__(
        self,
        message: str,
        *,
        file: str,
        line: int | None = None,
        key: str | None = None,
        cure: str | None = None,
    ) -> None:
        super().__init__(message, cure=cure)
        self.file, self.line, self.key = file, line, key

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f"{self.key}: " if self.key else ""
        return f"{place}: {key}{super().__str__()}"


class SubscriptionError(ConfigurationError):
    """A channel URL, query, threshold or time of a subscription cannot be used."""


class UnknownNameError(BureauwatchError):
    """No source, report, series or subscription has that name."""


class FetchError(BureauwatchError):
    """A page could not be had."""

    def __init__(self, message: str, *, failure: str, url: str | None = None, cure: str | None = None) -> None:
        super().__init__(message, cure=cure)
        self.failure, self.url = failure, url


class BlockedError(FetchError):
    """A challenge or block page was served."""


class NotAllowedError(FetchError):
    """Fetching is refused by robots.txt, by address or by scheme."""


class IncompleteResponseError(FetchError):
    """The response ended early or was over the limit."""


class ReadError(BureauwatchError):
    """Bytes are not what they should be."""


class AnotherPageError(ReadError):
    """Under a report's address stands something else: an error page in the site's frame, a home page."""


class ListingError(ReadError):
    """A list page yielded no entry, or is no list page; carries the failure class that a crawl ends with."""

    def __init__(self, message: str, *, cure: str | None = None, failure: str = "empty-listing") -> None:
        super().__init__(message, cure=cure)
        self.failure = failure


class DocumentError(ReadError):
    """A document file cannot be read."""


class EncryptedDocumentError(DocumentError):
    """A document needs a password."""


class DocumentLimitError(DocumentError):
    """Reading a document took more time, memory or output than allowed."""


class StorageError(BureauwatchError):
    """The database or the archive failed."""


class DatabaseBusyError(StorageError):
    """The database stayed locked for longer than the wait."""


class DiskFullError(StorageError):
    """No space is left where the data lives."""


class MigrationError(StorageError):
    """The database cannot be brought to this program's version."""


class DeliveryError(BureauwatchError):
    """A channel did not take an alert; `retry_after` (seconds) where it said when to come again."""

    def __init__(self, message: str, *, cure: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, cure=cure)
        self.retry_after = retry_after


class DeliveryRefusedError(DeliveryError):
    """The channel refused for good."""


class DeliveryUncertainError(DeliveryError):
    """The channel gave no answer."""
