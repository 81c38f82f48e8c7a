"""Errors of the index, below the one base in ``corpus.errors``.

NewsdeskError
├── ModelError        the embedding model is missing, changed or not what it should be
├── IndexUnavailable  nothing to search: no index, or one that does not fit
└── IndexBusy         another reindex holds the lock
"""

from __future__ import annotations

from corpus.errors import NewsdeskError


class ModelError(NewsdeskError):
    """The embedding model cannot be used as it is."""


class IndexUnavailable(NewsdeskError):
    """There is no index to search, or it does not fit the model or the store."""


class IndexBusy(NewsdeskError):
    """Another reindex is at work."""
