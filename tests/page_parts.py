"""What made-up pages are put together from: stories, and their parts in markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Story:
    """What a page tells; of its ``parts`` those that begin with "# " are headings, with "- " list items, with "> "
    quotations."""

    title: str
    deck: str
    byline: str
    date: str
    parts: Sequence[str]

    @property
    def text(self) -> str:
        """What is to be taken out of a page."""
        return "\n".join(part.removeprefix("# ").removeprefix("- ").removeprefix("> ") for part in self.parts)


def links(names: Sequence[str], tag: str = "li") -> str:
    """Each name as a link in an element of its own."""
    return "".join(f'<{tag}><a href="/{at}">{escape(name)}</a></{tag}>' for at, name in enumerate(names))


def marked(story: Story, paragraph: str = "<p>{}</p>", heading: str = "<h2>{}</h2>") -> list[str]:
    """Each part in its markup; items stand in one list."""
    found: list[str] = []
    for part in story.parts:
        text = escape(part[2:] if part[:2] in ("# ", "- ", "> ") else part, quote=False)
        if part.startswith("- "):
            item = f"<li>{text}</li>"
            if found and found[-1].endswith("</ul>"):
                found[-1] = f"{found[-1][:-5]}{item}</ul>"
            else:
                found.append(f"<ul>{item}</ul>")
        elif part.startswith("# "):
            found.append(heading.format(text))
        else:
            found.append(f"<blockquote><p>{text}</p></blockquote>" if part.startswith("> ") else paragraph.format(text))
    return found


def page(body: str, story: Story, head: str = "") -> str:
    """A document with this body."""
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(story.title)} | The Lantern</title>{head}"
        f"</head><body>{body}</body></html>"
    )


def between(parts: Sequence[str], box: str, at: Sequence[int]) -> str:
    """The parts, with a box below those of these numbers."""
    return "".join(part + (box if number in at else "") for number, part in enumerate(parts))
