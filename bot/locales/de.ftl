# Jeder Satz, den Mitglieder oder Admins lesen, auf Deutsch.

## Befehle, wie Discord sie zeigt

command-ask-name = fragen
command-ask-description = Frag die Nachrichten: Die Antwort ist ein Zitat aus einem Artikel, mit Quelle
option-question-name = frage
option-question-description = Was du wissen möchtest, in einem Satz
option-private-name = privat
option-private-description = Nur du siehst die Antwort

## Die Antwort

reply-question = Deine Frage: { $question }
reply-match-strong = **Starke Übereinstimmung** mit deiner Frage
reply-match-weak = **Schwache Übereinstimmung** mit deiner Frage. Lies den Artikel, bevor du dich darauf verlässt.
reply-before = Der Satz davor: { $sentence }
reply-citation = **{ $number }** { $source }: { $article }
reply-citation-dated = **{ $number }** { $source }: { $article }, { $date }
reply-date-fresh = { $date } ({ $relative })
reply-emphasis = Wörtlich zitiert. Die Hervorhebung stammt vom Bot.
reply-exact = Wörtlich zitiert.
reply-omitted = { $count ->
    [one] Ein weiteres Zitat passte nicht mehr hierher.
   *[other] { $count } weitere Zitate passten nicht mehr hierher.
}
reply-demonstration = **Vorführung** mit erfundenen Artikeln
reply-uncalibrated = Die Übereinstimmung wurde für ein anderes Modell gemessen; „stark“ und „schwach“ sind mit Vorsicht zu lesen.

## Nichts gefunden

nothing-found = **Nicht in meinen Quellen.** Dazu habe ich in { $articles ->
    [one] einem Artikel
   *[other] { $articles } Artikeln
} nichts gefunden.
nothing-found-since = **Nicht in meinen Quellen.** Dazu habe ich in { $articles ->
    [one] einem Artikel
   *[other] { $articles } Artikeln
} seit { $date } nichts gefunden.
nothing-indexed = **Nicht in meinen Quellen.** Ich habe noch keine Artikel, die ich durchsuchen könnte.
nothing-nearest = Der nächstliegende Artikel zum Lesen:
nearest = { $source }: { $article }
nearest-dated = { $source }: { $article }, { $date }
untitled = Artikel ohne Titel

## Wenn es keine Antwort gibt

howto = Frag mich in einem Satz nach den Nachrichten, zum Beispiel: { $mention } warum fiel die Fähre aus? Ich antworte mit den Worten eines Artikels und nenne die Quelle. { $command } geht überall und auf Wunsch privat.
howto-direct = Frag mich in einem Satz nach den Nachrichten. Ich antworte mit den Worten eines Artikels und nenne die Quelle.
question-long = Diese Frage ist zu lang für mich: Sie hat { $length } Zeichen, lesen kann ich { $limit }. Bitte frag in einem kürzeren Satz.
question-empty = Darin habe ich keine Frage gefunden. Frag mich in einem Satz nach den Nachrichten.
error-index = Ich kann gerade nichts durchsuchen: Mein Verzeichnis der Artikel fehlt oder wird noch aufgebaut. Bitte versuch es in ein paar Minuten noch einmal.
error-setup = Ich kann gerade nicht suchen: Etwas an meiner Einrichtung braucht meinen Betreiber; er findet es im Protokoll.
error-disk = Ich kann gerade nicht suchen: Meine Festplatte ist voll. Mein Betreiber findet es im Protokoll.
error-busy = Gerade warten zu viele Fragen. Bitte frag in einer Minute noch einmal.
error-stopping = Ich starte gerade neu. Bitte frag in einer Minute noch einmal.
error-bug = Bei mir ist etwas schiefgegangen, und ich konnte nicht antworten. Mein Betreiber findet es im Protokoll unter { $request }.
