"""Errors of the corpus, each naming its subject and the remedy.

NewsdeskError
├── CorpusError
│   ├── SourcesError      sources.toml cannot be used
│   ├── UnreadableError   one document cannot be taken in; the others go on
│   │   ├── FetchError    an address gave nothing; with the HTTP status and how long to wait
│   │   └── TakenDownError  an article that was taken down, and stays so
│   └── StoreError        corpus.db cannot be opened or written
└── IndexUnavailable etc. live in ``index.errors`` and share the same base
"""

from __future__ import annotations


class NewsdeskError(Exception):
    """Base of every error a person is meant to read.

    Args:
        message: what is wrong, in one sentence without a full stop.
        subject: the file, address, model or setting it is about.
        remedy: what the reader can do about it.
    """

    def __init__(self, message: str, *, subject: object = "", remedy: str = "") -> None:
        self.message = message
        self.subject = str(subject)
        self.remedy = remedy
        super().__init__(message, self.subject, remedy)

    def __str__(self) -> str:
        head = f"{self.subject}: {self.message}" if self.subject else self.message
        return f"{head}; {self.remedy}" if self.remedy else head


class CorpusError(NewsdeskError):
    """Something about the corpus cannot be done."""


class SourcesError(CorpusError):
    """The sources file, or one entry of it, cannot be used."""


class UnreadableError(CorpusError):
    """One document cannot be taken in; the rest of the run goes on."""


class FetchError(UnreadableError):
    """An address gave nothing that can be read.

    Attributes:
        status: the HTTP status answered, None where it did not come to an answer.
        wait: seconds the host asked to be left alone, None where it did not.
    """

    def __init__(
        self,
        message: str,
        *,
        subject: object = "",
        remedy: str = "",
        status: int | None = None,
        wait: float | None = None,
    ) -> None:
        super().__init__(message, subject=subject, remedy=remedy)
        self.status = status
        self.wait = wait

    @property
    def gone(self) -> bool:
        """Whether the host says there is no such page (404, 410)."""
        return self.status in (404, 410)


class TakenDownError(UnreadableError):
    """The article was taken down for good and is not kept again."""


class StoreError(CorpusError):
    """``corpus.db`` cannot be opened, read or written."""
