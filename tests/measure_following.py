"""What the first look at a followed question costs and saves: ``.venv/bin/python tests/measure_following.py FOLDER``.

FOLDER holds a set of questions as ``scripts/evaluate.py`` takes them: ``articles.jsonl`` and ``questions.jsonl``. Asked
are its questions as members ask them. For several cosines (``bot.news.NEAR`` is the one in use) it prints

- ``lost``: the share of the passages quoted in answers, and of the articles that answer, that come no nearer than that;
- ``saved``: the share of looks that are done without a search, where so many articles came in that answer nothing.

Prints JSON.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.answer import open_newsroom
from bot.evaluation import load_questions
from bot.news import NEAR
from bot.settings import load_settings
from corpus.records import instant
from corpus.store import Store
from index.embedder import load
from index.published import open_current
from index.records import Query
from index.reindex import reindex

COSINES = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
BATCHES = (1, 10, 100)
ASKED = 500
DRAWS = 20


def measured(folder: Path) -> dict[str, object]:
    """Shares by cosine."""
    settings = load_settings()
    chance = random.Random(7)
    with tempfile.TemporaryDirectory(prefix="newsdesk-") as there:
        made = settings.model_copy(update={"data_dir": Path(there), "discord_token": None})
        embedder = load(settings.embedding_model, settings.models_dir)
        paths = [folder / "articles.jsonl"]
        reindex(made.corpus_db, made.index_dir, lambda: embedder, who="tests/measure_following.py", paths=paths)
        store = Store(made.corpus_db, readonly=True)
        ids = {found.external_id: each for each in store.quotable_articles() if (found := store.article(each))}
        store.close()
        published = open_current(made.index_dir)
        count = len(published.passages)
        vectors = published.picked("dense", np.array([0]), np.array([count])).astype(np.float32)
        at = {int(passage): row for row, passage in enumerate(published.passages)}
        rows = {number: published.rows_of(number) for number in ids.values()}
        newsroom = open_newsroom(made, models_dir=settings.models_dir)
        quoted: list[float] = []
        gold: list[float] = []
        nearest: dict[int, list[float]] = {size: [] for size in BATCHES}
        asked = load_questions(folder / "questions.jsonl")
        for each in chance.sample(asked, min(ASKED, len(asked))):
            near = vectors @ embedder.embed_question(each.question)[0]
            answering = {ids[one] for one in each.gold if one in ids}
            gold += [float(near[rows[one]].max()) for one in answering if len(rows[one])]
            query = Query(each.question, instant(each.asked) or datetime.now(UTC))
            answer = newsroom.ask(query)
            quoted += [float(near[at[citation.passage_id]]) for citation in answer.citations]
            others = [number for number in rows if number not in answering and len(rows[number])]
            for size in BATCHES:
                for _ in range(DRAWS):
                    came = np.concatenate([rows[number] for number in chance.sample(others, min(size, len(others)))])
                    nearest[size].append(float(near[came].max()))
        newsroom.close()
    found: dict[str, object] = {"used": NEAR, "quoted": len(quoted), "gold": len(gold)}
    for cosine in COSINES:
        found[str(cosine)] = {
            "lost of quoted": share(quoted, cosine),
            "lost of gold": share(gold, cosine),
            **{f"saved at {size}": share(values, cosine) for size, values in nearest.items()},
        }
    return found


def share(values: list[float], cosine: float) -> float:
    """The share of values below a cosine."""
    return round(sum(value < cosine for value in values) / max(1, len(values)), 4)


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1])), indent=1))  # noqa: T201
