"""How each source fares, for people to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from corpus.records import Source, SourceReport
from corpus.store import Store
from corpus.visits import SourceState


class Health(StrEnum):
    """How a source fares."""

    GOOD = "good"
    PARTLY = "partly"
    """Read last time, but for some of its articles."""
    WAITING = "waiting"
    """Its host asked to be left alone."""
    FAILING = "failing"
    UNREAD = "never read"
    PAUSED = "paused"
    DROPPED = "not in the sources"
    """Its articles are kept and quoted, but no source of the operator's brings new ones."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source as the operator sees it.

    Attributes:
        articles: how many may be quoted.
        newest: when the newest of them was published.
        checked: when it was last tried; ``due``: when it is tried next. None where it never was, or never will be.
        why: what is behind its health, one line; empty where all is well.
        last: what its last run did, None where it never ran or was read by hand.
        limits: how many of its articles may not be shown like others, by why, see `corpus.catalogue.LIMITS`.
    """

    name: str
    articles: int
    newest: datetime | None
    checked: datetime | None
    due: datetime | None
    health: Health
    why: str = ""
    last: SourceReport | None = None
    limits: Mapping[str, int] = field(default_factory=dict)


def statuses(store: Store, sources: Sequence[Source], now: datetime) -> list[SourceStatus]:
    """The sources in their order, then those the store knows beside them; not the sample's retired ones.

    Args:
        now: the time, in UTC.
    """
    holdings, states, limits = store.visits.holdings(), store.visits.states(), store.limits()
    reports = {report.source: (ended, report) for ended, report in store.reports()}
    found = []
    for source in sources:
        articles, newest = holdings.get(source.name, (0, None))
        state = states.get(source.name)
        ended, report = reports.get(source.name, (None, None))
        health, why = _health(source, state, report, now)
        due = state.due if state and not source.paused else None
        checked = _checked(state, ended)
        found.append(SourceStatus(source.name, articles, _moment(newest), checked, due, health, why, report))
    named = {source.name for source in sources}
    for name, (articles, newest) in holdings.items():
        if name not in named and articles:
            checked = _checked(states.get(name), reports[name][0] if name in reports else None)
            found.append(SourceStatus(name, articles, _moment(newest), checked, None, Health.DROPPED))
    return [replace(each, limits=limits.get(each.name, {})) for each in found]


def _health(
    source: Source, state: SourceState | None, report: SourceReport | None, now: datetime
) -> tuple[Health, str]:
    if source.paused:
        return Health.PAUSED, ""
    if state is None:
        return Health.UNREAD, ""
    if state.failures:
        since = f", last read {apart(state.succeeded, now)}" if state.succeeded else ", never read yet"
        times = "once" if state.failures == 1 else f"{state.failures} times in a row"
        return Health.FAILING, f"failed {times}{since}: {state.error}"
    if state.not_before and state.not_before > now:
        return Health.WAITING, "its host asked to be left alone"
    if report and report.failures:
        first = report.failures[0]
        more = f" (and {len(report.failures) - 1} more)" if len(report.failures) > 1 else ""
        return Health.PARTLY, f"{first.reason} [{first.subject}]{more}"
    return Health.GOOD, ""


def tally(report: SourceReport) -> str:
    """What a run did, in words: "2 new, 30 unchanged, 1 failed"; "nothing" where it came to no article."""
    counts = {
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "withdrawn": report.withdrawn,
        "held": report.held,
        "taken down": report.refused,
        "failed": len(report.failures),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing"


def apart(moment: datetime | None, now: datetime) -> str:
    """How far a moment lies from now, in the largest fitting unit: "5 min ago", "in 2 h"; "–" for None."""
    if moment is None:
        return "–"
    seconds = (moment - now).total_seconds()
    size = abs(seconds)
    if size < 60:
        return "now"
    amount = (
        f"{size // 60:.0f} min"
        if size < 3600
        else f"{size // 3600:.0f} h"
        if size < 172_800
        else f"{size // 86_400:.0f} d"
    )
    return f"in {amount}" if seconds > 0 else f"{amount} ago"


def _checked(state: SourceState | None, ended: str | None) -> datetime | None:
    return state.polled if state else datetime.fromisoformat(ended) if ended else None


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
