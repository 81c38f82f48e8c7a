"""The catalogue: every sentence a member or admin reads, by key and language, as Project Fluent files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

LOCALES = Path(__file__).parent / "locales"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language.

    Attributes:
        language: its code, such as ``de``.
    """

    language: str
    _bundle: FluentBundle

    def __call__(self, key: str, **values: str | int) -> str:
        """The sentence ``key`` with ``values`` put in.

        Values are put in as they are: whoever shows text of members or articles escapes it first.

        Raises:
            LookupError: no such entry, or an entry that asks for a value not given. Either is a bug.
        """
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            raise LookupError(f"{self.language}.ftl: {key} has no text")
        text, errors = self._bundle.format_pattern(pattern, dict(values))
        if errors:
            raise LookupError(f"{self.language}.ftl: {key}: {errors[0]}")
        return str(text)


class Catalogue:
    """All languages; a locale nobody translated is answered in English."""

    def __init__(self, languages: Mapping[str, Texts]) -> None:
        self._languages = dict(languages)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages there are, sorted."""
        return tuple(sorted(self._languages))

    def knows(self, locale: str) -> bool:
        """Whether a locale such as ``de`` or ``en-GB`` has sentences of its own."""
        return _language(locale) in self._languages

    def texts(self, locale: str | None) -> Texts:
        """The sentences for a Discord locale such as ``de`` or ``en-GB``."""
        return self._languages.get(_language(locale or ""), self._languages[DEFAULT_LANGUAGE])


def load_catalogue(folder: Path = LOCALES) -> Catalogue:
    """Read ``<language>.ftl`` for every language in ``folder``."""
    languages: dict[str, Texts] = {}
    for path in sorted(folder.glob("*.ftl")):
        # Without isolation marks: inserted text is stripped of everything that could turn the line around.
        bundle = FluentBundle([path.stem], use_isolating=False)
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
        languages[path.stem] = Texts(path.stem, bundle)
    return Catalogue(languages)


def _language(locale: str) -> str:
    return locale.split("-")[0].casefold()
