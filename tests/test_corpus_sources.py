"""corpus.sources: sources.toml, checked before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import SourcesError
from corpus.records import Source, SourceKind
from corpus.sources import load_sources


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_field_is_read(tmp_path: Path) -> None:
    """What the operator wrote is what comes back; hosts are case-folded."""
    path = written(
        tmp_path,
        """
        [[source]]
        name = " The Paper "
        kind = "feed"
        url = "https://paper.example/feed.xml"
        hosts = ["Paper.example"]
        owner = "Corvane"
        language = "en"
        topics = ["sea", "sport"]
        interval = 60
        limit = 5
        max_quote_words = 25
        full_text = true
        paused = true
        """,
    )
    assert load_sources(path) == (
        Source(
            name="The Paper",
            kind=SourceKind.FEED,
            location="https://paper.example/feed.xml",
            hosts=("paper.example",),
            owner="Corvane",
            language="en",
            topics=("sea", "sport"),
            interval=60.0,
            limit=5,
            max_quote_words=25,
            full_text=True,
            paused=True,
        ),
    )


def test_a_folder_counts_from_where_the_file_lies(tmp_path: Path) -> None:
    """A relative path does not depend on the working folder; an absolute one stays; order is the file's."""
    path = written(
        tmp_path,
        '[[source]]\nname = "B"\nkind = "folder"\npath = "in/../news"\n'
        '[[source]]\nname = "A"\nkind = "folder"\npath = "/srv/news"\n',
    )
    assert load_sources(path) == (
        Source("B", SourceKind.FOLDER, str(tmp_path.resolve() / "news")),
        Source("A", SourceKind.FOLDER, "/srv/news"),
    )


def test_no_source_is_no_error(tmp_path: Path) -> None:
    """A file that names none yet is read as none."""
    assert load_sources(written(tmp_path, "# soon\n")) == ()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('kind = "folder"\npath = "x"', r'toml:3: the source has no name; add name = "…"'),
        ('name = "  "\nkind = "folder"\npath = "x"', "the source has no name"),
        (
            'name = "A\\nB"\npath = "x"',
            r"toml:3 \(A B\): the name is no line of 100 characters at most that can be printed",
        ),
        ('name = "\u202eA"\npath = "x"', "the name is no line of 100 characters"),
        (f'name = "{"A" * 101}"\npath = "x"', "the name is no line of 100 characters"),
        ('name = "A"\npath = "x"', r"toml:3 \(A\): kind is not one of feed, page, sitemap, folder; set kind"),
        ('name = "A"\nkind = "podcast"', "kind is not one of"),
        ('name = "A"\nkind = "folder"\nurl = "https://a.example"', "a folder needs 'path'; add path"),
        ('name = "A"\nkind = "feed"', "a feed needs 'url'"),
        ('name = "A"\nkind = "feed"\nurl = "ftp://a.example"', "url is no http or https address"),
        ('name = "A"\nkind = "folder"\npath = "x"\nhost = "a"', "unknown field 'host'; use name, kind"),
        ('name = "A"\nkind = "folder"\npath = "x"\nlimit = "5"', "limit has the wrong type"),
        ('name = "A"\nkind = "folder"\npath = "x"\nlimit = true', "limit has the wrong type"),
        ('name = "A"\nkind = "folder"\npath = "x"\ntopics = [1]', "topics has the wrong type"),
        ('name = "A"\nkind = "folder"\npath = "x"\ntopics = "sea"', "topics has the wrong type"),
        ('name = "A"\nkind = "folder"\npath = "x"\npaused = 1', "paused has the wrong type"),
        ('name = "A"\nkind = "folder"\npath = "x"\ninterval = 0', "interval must be above 0"),
        ('name = "A"\nkind = "folder"\npath = "x"\nmax_quote_words = -1', "max_quote_words must be above 0"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(tmp_path: Path, entry: str, message: str) -> None:
    """The error names the file, the entry's line, the source and what to do."""
    path = written(tmp_path, f"# sources\n\n[[source]]\n{entry}\n")
    with pytest.raises(SourcesError, match=message) as caught:
        load_sources(path)
    assert str(caught.value).startswith(f"{path}:3")


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    """Members could not tell them apart; the second one's line is named, whatever its case."""
    entry = '[[source]]\nname = "{}"\nkind = "folder"\npath = "x"\n'
    path = written(tmp_path, entry.format("The Paper") + entry.format("the paper"))
    with pytest.raises(SourcesError, match=r"sources\.toml:5: two sources are named 'the paper'; rename one"):
        load_sources(path)


def test_a_missing_file_names_the_remedy(tmp_path: Path) -> None:
    """The error says which file and where an example is."""
    with pytest.raises(SourcesError, match=r"sources\.toml: there is no such file; see docs/sources\.md"):
        load_sources(tmp_path / "sources.toml")


@pytest.mark.parametrize("text", ["[[source]\n", 'source = "x"', "source = [1]"])
def test_what_is_no_list_of_sources_is_refused(tmp_path: Path, text: str) -> None:
    """Broken TOML, or something else under the name, is a `SourcesError`."""
    with pytest.raises(SourcesError, match=r"cannot be read|is not a list of tables"):
        load_sources(written(tmp_path, text))


def test_a_mark_at_the_beginning_is_passed_over(tmp_path: Path) -> None:
    """As some editors write it; lines are counted without it."""
    path = written(tmp_path, '\ufeff[[source]]\nname = "A"\nkind = "folder"\npath = "x"\n[[source]]\nkind = "page"\n')
    with pytest.raises(SourcesError, match=r"sources\.toml:5: the source has no name"):
        load_sources(path)


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    """A file in another encoding is a `SourcesError`, too."""
    path = tmp_path / "sources.toml"
    path.write_bytes(b'[[source]]\nname = "Caf\xe9"\n')
    with pytest.raises(SourcesError, match="cannot be read"):
        load_sources(path)
