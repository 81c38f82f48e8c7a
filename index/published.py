"""Published versions of the index: each a folder written whole, one of them current.

    index/
      current.json            {"version": …, "previous": …}, replaced in one step
      versions/<version>/     manifest.json, vectors.faiss and arrays, keywords/; never changed once published
      lock                    held by the reindex at work, with who and since when
      vectors.db              vectors by text and model

A row is a passage's place in the arrays, 0 to n - 1 in the order of passage ids.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexBusy, IndexUnavailable
from index.keywords import KeywordIndex
from index.vectors import VectorIndex

FORMAT = 5
KEY_BYTES = 16
DIGEST_BYTES = 8
PICKED = ("dense", "sentence_vectors", "words")
"""Arrays whose rows are read one by one."""
UNDATED = np.iinfo(np.int64).min
REBUILD = "run scripts/reindex.py --full"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version holds and what it was made with.

    Attributes:
        version: the folder's name.
        model, digest: the embedding model's name and the SHA-256 over its files.
        dimension: numbers in a vector.
        recipe: changes with whatever decides what a row holds beside its passage, see `index.build`.
        passages, sentences, words, terms, articles: counts.
        sources: source names; the array ``sources`` holds places in this list.
        oldest: earliest time of publication, seconds since 1970 UTC, None where no article says.
        generation: the store's generation the version follows.
        created: ISO 8601.
        format: of the folder.
    """

    version: str
    model: str
    digest: str
    recipe: str
    dimension: int
    passages: int
    sentences: int
    words: int
    terms: int
    articles: int
    sources: tuple[str, ...]
    oldest: int | None
    generation: int
    created: str
    format: int = FORMAT


class Published:
    """One version, opened for searching; arrays are mapped into memory, not read.

    Attributes:
        passages: passage ids by row, ascending, shape (n,).
        articles, sources, published: by row; time of publication in seconds since 1970 UTC, `UNDATED` where unknown.
        latest: the latest of these times, `UNDATED` where none is known.
        dense: unit vectors by row, shape (n, d), half precision.
        sentence_offsets: sentences of row i are ``[offsets[i], offsets[i + 1])``, shape (n + 1,).
        sentence_spans: offsets of each sentence into its passage's text, shape (s, 2).
        sentence_vectors: unit vectors, shape (s, d), half precision.
        word_offsets: words of row i are ``[offsets[i], offsets[i + 1])``, shape (n + 1,).
        words: one bit per dimension, as `index.late.pack` gives them, shape (w, ceil(d / 8)).
        keys: by row, what the passage said when its row was made, shape (n, 16); see `index.rows.row_key`.
        digests: by row, what stands for it as it was made, shape (n, 8); see `index.rows.Row.digest`.
        term_offsets: terms of row i are ``[offsets[i], offsets[i + 1])``, shape (n + 1,).
        terms: places in ``keywords.vocabulary``, in the order of the text, shape (t,).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        n, s, d = self.manifest.passages, self.manifest.sentences, self.manifest.dimension
        self.passages = read_array(folder, "passages", np.int64, (n,))
        self.articles = read_array(folder, "articles", np.int64, (n,))
        self.sources = read_array(folder, "sources", np.int32, (n,))
        self.published = read_array(folder, "published", np.int64, (n,))
        self.dense = read_array(folder, "dense", np.float16, (n, d))
        self.sentence_offsets = read_array(folder, "sentence_offsets", np.int64, (n + 1,))
        self.sentence_spans = read_array(folder, "sentence_spans", np.int32, (s, 2))
        self.sentence_vectors = read_array(folder, "sentence_vectors", np.float16, (s, d))
        self.word_offsets = read_array(folder, "word_offsets", np.int64, (n + 1,))
        self.words = read_array(folder, "words", np.uint8, (self.manifest.words, -(-d // 8)))
        self.keys = read_array(folder, "keys", np.uint8, (n, KEY_BYTES))
        self.digests = read_array(folder, "digests", np.uint8, (n, DIGEST_BYTES))
        self.term_offsets = read_array(folder, "term_offsets", np.int64, (n + 1,))
        self.terms = read_array(folder, "terms", np.int32, (self.manifest.terms,))
        self.latest = int(self.published.max(initial=UNDATED))
        self._files = {name: _opened(folder / f"{name}.bin") for name in PICKED}
        dense = partial(_read_rows, self._files["dense"], self.dense)
        self.vectors = VectorIndex.load(
            folder / "vectors.faiss", count=n, dimension=d, rows=lambda places: dense(places, places + 1)
        )
        self.keywords = KeywordIndex.load(folder / "keywords", n)
        self._by_article: tuple[NDArray[np.int32] | None, NDArray[np.int64]] | None = None

    def picked(self, name: str, firsts: NDArray[np.int64], lasts: NDArray[np.int64]) -> NDArray[Any]:
        """The rows ``[firsts[i], lasts[i])`` of ``dense``, ``sentence_vectors`` or ``words``, for each i in turn.

        Read, not mapped: a question picks some hundred rows here and there, for each of which the system would
        map 64 KB, and after some hundred questions a process would hold gigabytes that it never asks for again.
        What is not in the system's cache is asked for all at once: one by one it takes a disk ten times as long.
        """
        return _read_rows(self._files[name], getattr(self, name), firsts, lasts)

    def rows_of(self, article: int) -> NDArray[np.int64]:
        """Rows of an article's passages, ascending."""
        if self._by_article is None:  # rows are in the order of articles until an article changes
            ordered = bool((np.diff(self.articles) >= 0).all())
            order = None if ordered else np.argsort(self.articles, kind="stable").astype(np.int32)
            self._by_article = (order, self.articles if order is None else self.articles[order])
        order, articles = self._by_article
        first, last = np.searchsorted(articles, [article, article + 1])
        return np.arange(first, last) if order is None else order[first:last].astype(np.int64)

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of passage ids that are all in this version."""
        return np.searchsorted(self.passages, ids)


def _read_rows(file: FileIO, array: NDArray[Any], firsts: NDArray[np.int64], lasts: NDArray[np.int64]) -> NDArray[Any]:
    """Rows of an array from its file, see `Published.picked`."""
    size = array.shape[1] * array.itemsize
    places = [
        (first * size, (last - first) * size) for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
    ]
    for start, length in places:
        os.posix_fadvise(file.fileno(), start, length, os.POSIX_FADV_WILLNEED)
    pieces = [os.pread(file.fileno(), length, start) for start, length in places]
    return np.frombuffer(b"".join(pieces), dtype=array.dtype).reshape(-1, array.shape[1])


def _opened(path: Path) -> FileIO:
    """A file to pick rows from; closed when nobody holds it any more."""
    try:
        file = FileIO(path)
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)  # what lies around a row is of no use
        return file
    except OSError as error:
        raise _unreadable(path, error) from error


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version.

    Raises:
        IndexUnavailable: it is missing, damaged, or of another format.
    """
    path = folder / "manifest.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw.get("format") != FORMAT:
            raise IndexUnavailable(f"has format {raw.get('format')}, not {FORMAT}", subject=path, remedy=REBUILD)
        return Manifest(**{**raw, "sources": tuple(raw["sources"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable(path, error) from error


def read_array(folder: Path, name: str, kind: Any, shape: tuple[int, ...], *, writable: bool = False) -> NDArray[Any]:
    """One array of a version, mapped into memory.

    Raises:
        IndexUnavailable: it is missing, or not of the size that the shape asks for.
    """
    path = folder / f"{name}.bin"
    wanted = int(np.prod(shape)) * np.dtype(kind).itemsize
    try:
        size = path.stat().st_size
        if size != wanted:
            raise IndexUnavailable(f"has {size} bytes, the manifest says {wanted}", subject=path, remedy=REBUILD)
        if wanted == 0:
            return np.empty(shape, dtype=kind)
        return np.memmap(path, dtype=kind, mode="r+" if writable else "r", shape=shape)
    except OSError as error:
        raise _unreadable(path, error) from error


def current_version(index_dir: Path) -> str | None:
    """Name of the current version; None when nothing was published yet."""
    return _pointer(index_dir)[0]


def was_published(index_dir: Path) -> bool:
    """Whether there is an index, be it one that cannot be opened."""
    try:
        return current_version(index_dir) is not None
    except IndexUnavailable:
        return True


def _pointer(index_dir: Path) -> tuple[str | None, str | None]:
    """Names of the current version and of the one before it."""
    try:
        raw = json.loads((index_dir / "current.json").read_text(encoding="utf-8"))
        previous = raw.get("previous")
        return str(raw["version"]), None if previous is None else str(previous)
    except FileNotFoundError:
        return None, None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(index_dir / "current.json", error) from error


def open_current(index_dir: Path) -> Published:
    """Open the current version.

    Raises:
        IndexUnavailable: there is none, or it is damaged.
    """
    for _ in range(3):
        version = current_version(index_dir)
        if version is None:
            break
        folder = index_dir / "versions" / version
        try:
            return Published(folder)
        except IndexUnavailable:
            # A reindex may have published two versions since the name was read, and cleaned this one up.
            if current_version(index_dir) == version:
                raise
    raise IndexUnavailable("no index", subject=index_dir, remedy="run scripts/reindex.py")


def open_previous(index_dir: Path) -> Published:
    """Open the version before the current one; the newest there is where it is not known any more which is current.

    Raises:
        IndexUnavailable: there is none, or it is damaged.
    """
    try:
        previous = _pointer(index_dir)[1]
    except IndexUnavailable:
        whole = (index_dir / "versions").glob("[!.]*")  # whatever else is half-made
        previous = max(((each.stat().st_mtime_ns, each.name) for each in whole), default=(0, None))[1]
    if previous is None:
        raise IndexUnavailable("keeps no version before the current one", subject=index_dir, remedy=REBUILD)
    return Published(index_dir / "versions" / previous)


def roll_back(index_dir: Path) -> Manifest:
    """Make the version before the current one current again, and the current one the one before; to be called under
    `reindex_lock`. Rolling back twice leads back, and the next build that finds a change goes forward.

    Raises:
        IndexUnavailable: there is none, or it is damaged.
    """
    current, previous = _pointer(index_dir)
    manifest = open_previous(index_dir).manifest
    write_pointer(index_dir, previous, current)
    return manifest


def write_version(index_dir: Path, draft: Path, manifest: Manifest) -> None:
    """Publish a folder of arrays as the current version: the manifest last, then everything to disk, then one rename.

    The last one before it that can be opened is kept; older ones and leftovers of builds that were cut short go.
    """
    (draft / "manifest.json").write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    for path in [*draft.rglob("*"), draft]:
        _to_disk(path)
    folder = index_dir / "versions" / manifest.version
    os.replace(draft, folder)
    _to_disk(folder.parent)
    previous = _last_good(index_dir)
    write_pointer(index_dir, manifest.version, previous)
    for other in folder.parent.iterdir():
        if other.name not in (manifest.version, previous):
            shutil.rmtree(other, ignore_errors=True)


def _last_good(index_dir: Path) -> str | None:
    """The current version where it can be opened, else the one before it; None where neither can."""
    try:
        names = _pointer(index_dir)
    except IndexUnavailable:
        return None  # a damaged pointer is what is being mended
    for name in names:
        if name is not None:
            try:
                Published(index_dir / "versions" / name)
            except IndexUnavailable:
                continue
            return name
    return None


def write_pointer(index_dir: Path, version: str | None, previous: str | None) -> None:
    """Name the current version and the one before it, in one step."""
    pointer = index_dir / "current.json.new"
    pointer.write_text(json.dumps({"version": version, "previous": previous}), encoding="utf-8")
    _to_disk(pointer)
    os.replace(pointer, index_dir / "current.json")
    _to_disk(index_dir)


def write_array(folder: Path, name: str, values: Sequence[int] | NDArray[Any], kind: Any) -> None:
    """Write one array of a version."""
    np.asarray(values, dtype=kind).tofile(folder / f"{name}.bin")


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unreadable(path: Path, error: Exception) -> IndexUnavailable:
    why = (isinstance(error, OSError) and error.strerror) or error
    remedy = "check who may read it" if isinstance(error, PermissionError) else REBUILD
    return IndexUnavailable(f"cannot be read ({why})", subject=path, remedy=remedy)


def _unwritable(index_dir: Path, error: OSError) -> IndexUnavailable:
    return IndexUnavailable(
        f"cannot be written ({error.strerror})",
        subject=index_dir,
        remedy="check NEWSDESK_DATA_DIR and the disk's space",
    )


def is_reindexing(index_dir: Path) -> bool:
    """Whether a reindex is at work; costs a file's length as long as none ever was killed."""
    path = index_dir / "lock"
    try:
        if not path.stat().st_size:
            return False
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # a killed one left its name, the system took its lock
            except BlockingIOError:
                return True
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unwritable(index_dir, error) from error
    return False


@contextmanager
def reindex_lock(index_dir: Path, who: str) -> Iterator[None]:
    """Hold the one lock of reindexing; the system releases it when the process ends, however it ends.

    Raises:
        IndexBusy: another process holds it; says who and since when.
        IndexUnavailable: the folder cannot be made or written.
    """
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(index_dir / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _unwritable(index_dir, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 1000, 0).decode(errors="replace").strip() or "another process"
            raise IndexBusy(f"a reindex is at work ({holder})", subject=index_dir, remedy="try again later") from None
        since = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{who}, process {os.getpid()}, since {since}".encode(), 0)
        except OSError as error:
            raise _unwritable(index_dir, error) from error
        try:
            yield
        finally:
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)
