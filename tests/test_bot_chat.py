"""bot.chat: which messages of a channel are questions for the news. Sixty-odd lines of chat decide."""

from __future__ import annotations

import time

import pytest

from bot.chat import SmallTalk, is_question, small_talk

ENGLISH_QUESTIONS = """
Why was the ferry cancelled?
why did the council close the bridge
Who won the election in Ostrel?
what happened to the harbour mayor?
When does the strike end?
How many people were hurt in the flood?
hey so why is the comet green?
Did the court reject the appeal?
Is the bridge to Tolm open again?
Has the government resigned?
How much did fuel prices rise last month
which country sent troops first?
ok but who owns the paper now?
They closed the school. Why did the council do that?
Where was the missing boat found?
Will the tram fare go up in March?
whose idea was the toll on the coast road?
what does the new law say about phones
is the strike over?
Since when has the bridge been closed?
In which town was the fire?
how many people were made homeless by the flood?
"""
ENGLISH_CHAT = """
lol
why?
what?
who knows
what a game
how are you?
did you see that?
can someone help me with my homework?
anyone up for a match tonight?
what do you guys think?
should I buy this keyboard?
why not
who asked
how nice
when I get home we can play
what is wrong with you?
where are you all?
is it working again?
what happened?
the ferry was cancelled because of ice
I wonder why the ferry was cancelled
thanks!
what time is it?
https://news.example/why-was-the-ferry-cancelled?
`why does this crash?`
> why was the ferry cancelled?
no way
really?
is this right?
so what?
how about that
how do I install this mod?
did the new patch drop?
when patch?
what did he say?
how come?
who's streaming later?
how does this bot work?
who else is watching the match tonight?
why are people like this?
who made this?
what are the rules here?
"""
GERMAN_QUESTIONS = """
Warum fiel die Fähre aus?
wer hat die Wahl in Ostrel gewonnen
Wann endet der Streik?
Wie viele Menschen wurden bei der Flut verletzt?
Ist die Brücke nach Tolm wieder offen?
Hat das Gericht die Klage abgewiesen?
und warum wird das Schwimmbad geschlossen?
Welche Partei stellt den Bürgermeister?
Wo wurde das vermisste Boot gefunden?
Wurde der Haushalt beschlossen?
Was kostet die Fahrkarte ab März?
Um wie viel Uhr beginnt die Wahl?
Gibt es neue Regeln für Radfahrer?
Seit wann gilt das neue Gesetz?
In welcher Stadt hat es gebrannt
"""
GERMAN_CHAT = """
was geht?
wie geht es dir?
hast du das gesehen?
wer von euch kommt heute Abend?
was für ein Tor
wie schön
warum nicht
wer weiß
kann mir jemand helfen?
soll ich das Rad kaufen?
ist das echt?
was macht ihr so?
wo bist du?
die Fähre fällt wegen Eis aus
keine Ahnung
was ist los?
wirklich?
danke dir!
wann kommt das Update?
wer spielt mit?
wo ist der Channel für Memes?
wer hat Bock auf Pizza?
wie viel Uhr ist es?
was kostet das?
seit wann bist du da?
mit wem spielst du?
wie funktioniert der Bot?
"""


def lines(text: str, language: str) -> list[tuple[str, str]]:
    return [(line, language) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("said", "language"), [*lines(ENGLISH_QUESTIONS, "en"), *lines(GERMAN_QUESTIONS, "de")])
def test_a_question_is_one(said: str, language: str) -> None:
    assert is_question(said, language)


@pytest.mark.parametrize(("said", "language"), [*lines(ENGLISH_CHAT, "en"), *lines(GERMAN_CHAT, "de")])
def test_chat_is_left_alone(said: str, language: str) -> None:
    assert not is_question(said, language)


def test_another_language_than_the_channels_needs_a_question_mark() -> None:
    assert is_question("Why was the ferry cancelled?", "de")
    assert not is_question("why did the council close the bridge", "de")
    assert is_question("Warum fiel die Fähre aus?", "fr")
    assert not is_question("", "en")


THANKS = ("thanks!", "Thank you so much", "ok, got it", "lol", "👍", "<:ship:5>", "danke dir", "Alles klar.", "no")
HELLO = ("hi", "hello there", "<@7> help", "Guten Tag", "Hallo, danke")
ASKING = (
    "no entry?",
    "why?",
    "thanks, and why was it cancelled",
    "ferry",
    "danke, seit wann",
    "???",
    "",
    "<@7>",
    "ok?",
)


def test_thanks_and_greetings_are_told_from_questions() -> None:
    assert [small_talk(said) for said in THANKS] == [SmallTalk.THANKS] * len(THANKS)
    assert [small_talk(said) for said in HELLO] == [SmallTalk.HELLO] * len(HELLO)
    assert [small_talk(said) for said in ASKING] == [None] * len(ASKING)


def test_what_is_quoted_is_not_asked_and_what_stands_below_is() -> None:
    """ ">" quotes a line, ">>>" all that follows, as Discord shows it."""
    assert is_question("> they say it is late\nWhy was the ferry cancelled?", "en")
    assert not is_question("> Why was the ferry cancelled?\nno idea", "en")
    assert not is_question(">>> Why was the ferry cancelled?\nIs the strike over?", "en")
    assert small_talk("> Why was the ferry cancelled?\nthanks!") is SmallTalk.THANKS


def test_a_message_made_to_take_long_is_looked_at_at_once() -> None:
    """Every message of a channel is, on the thread that keeps the connection."""
    for piece in ("`", "```", "> ", "<:a", "why ", "a.", "a?", "-'", "\u0301", "```a`"):
        message = piece * (4000 // len(piece))
        began = time.process_time()
        is_question(message, "en")
        small_talk(message)
        assert time.process_time() - began < 0.5, piece
