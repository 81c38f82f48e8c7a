"""What is sealed can be opened under the same secret, and under no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.journal import Journal
from bot.journal_recipients import Recipient
from bot.vault import Vault, VaultError

SECRET = b"s" * 64
USER, CHANNEL = 1456074443980800009, 1456074443980800008
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_what_is_sealed_is_opened_under_the_same_secret() -> None:
    """After a restart, too; the token is different each time, of one length, and holds no id."""
    first, second = Vault(SECRET).seal(USER), Vault(SECRET).seal(USER)
    assert Vault(SECRET).open(first) == Vault(SECRET).open(second) == USER
    assert first != second
    assert len(first) == len(Vault(SECRET).seal(1)) == len(Vault(SECRET).seal(USER, CHANNEL))
    assert USER.to_bytes(8, "big") not in first
    assert str(USER).encode() not in first


def test_a_channel_comes_back_with_its_user() -> None:
    assert Vault(SECRET).open_both(Vault(SECRET).seal(USER, CHANNEL)) == (USER, CHANNEL)
    assert Vault(SECRET).open_both(Vault(SECRET).seal(USER)) == (USER, 0)


@pytest.mark.parametrize("change", ["secret", "byte", "empty"])
def test_another_secret_or_a_changed_token_is_refused(change: str) -> None:
    token = Vault(SECRET).seal(USER)
    if change == "byte":
        token = token[:-1] + bytes([token[-1] ^ 1])
    if change == "empty":
        token = b""
    vault = Vault(b"t" * 64 if change == "secret" else SECRET)
    with pytest.raises(VaultError, match=r"cannot be opened; set NEWSDESK_SECRET back") as caught:
        vault.open(token)
    assert str(USER) not in str(caught.value)


def test_recipients_are_kept_one_for_each_purpose_until_their_time_is_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    vault = Vault(SECRET)
    first = Recipient("ann", "correction", vault.seal(1), NOW + timedelta(days=1))
    again = Recipient("ann", "correction", vault.seal(USER), NOW + timedelta(days=9))
    other = Recipient("ben", "correction", vault.seal(2), NOW + timedelta(days=2))
    for each in (first, again, other, Recipient("ann", "answer", vault.seal(3), NOW + timedelta(days=9))):
        journal.recipients.put(each, now=NOW)
    assert journal.recipients.of("correction") == [again, other]
    assert [vault.open(each.sealed) for each in journal.recipients.of("correction")] == [USER, 2]
    assert journal.recipients.forget_before(NOW + timedelta(days=3)) == 1
    assert journal.recipients.of("correction") == [again]
    journal.recipients.remove("ann", "correction")
    assert journal.recipients.of("correction") == []
    assert len(journal.recipients.of("answer")) == 1
    journal.close()
