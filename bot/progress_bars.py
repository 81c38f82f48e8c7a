"""Long work shown as bars in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from corpus.progress import Progress as Report


@contextmanager
def progress_bars(console: Console) -> Iterator[Report]:
    """A bar per stage on ``console``; what it yields is a `corpus.progress.Progress`.

    A stage that begins again, as reading does with each source, goes on in its bar.
    """
    columns = (TextColumn("{task.description:>18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    stages: dict[str, TaskID] = {}
    before: dict[str, int] = {}
    bars = Progress(*columns, console=console)

    def report(stage: str, done: int, total: int | None) -> None:
        bars.start()  # not before there is a stage, as it leaves an empty line
        if stage not in stages:
            stages[stage] = bars.add_task(stage, total=total)
        elif done == 0:
            before[stage] = int(next(task.completed for task in bars.tasks if task.id == stages[stage]))
        base = before.get(stage, 0)
        bars.update(stages[stage], completed=base + done, total=None if total is None else base + total)

    try:
        yield report
    finally:
        if stages:
            bars.stop()
