# Jeder Satz, den Mitglieder oder Admins lesen, auf Deutsch.

## Befehle, wie Discord sie zeigt

command-ask-name = fragen
command-ask-description = Frag die Nachrichten: Die Antwort ist ein Zitat aus einem Artikel, mit Quelle
option-question-name = frage
option-question-description = Was du wissen möchtest, in einem Satz
option-private-name = privat
option-private-description = Nur du siehst die Antwort
option-source-name = quelle
option-source-description = Nur Artikel dieser Quelle
option-since-name = seit
option-since-description = Nur Artikel ab diesem Tag, etwa 31.1.2026 oder letzte Woche
option-until-name = bis
option-until-description = Nur Artikel bis zu diesem Tag, etwa 31.1.2026 oder gestern
menu-check = Mit den Nachrichten abgleichen

## Die Antwort

reply-question = Deine Frage: { $question }
reply-understood = Verstanden als: { $question }
reply-newest = **Die neuesten Artikel**, mit ihren ersten Worten. Frag nach einem davon, um mehr zu erfahren.
reply-match-strong = **Starke Übereinstimmung** mit deiner Frage
reply-match-fair = **Mittlere Übereinstimmung** mit deiner Frage. Sieh im Artikel nach, wo es darauf ankommt.
reply-match-weak = **Schwache Übereinstimmung** mit deiner Frage. Lies den Artikel, bevor du dich darauf verlässt.
reply-as-of = **Stand: { $date }.** Heute kann es anders sein.
reply-undated = **Ohne Datum:** Der erste Artikel nennt keines; er kann aus einer anderen Zeit sein, als du meinst.
reply-outside = **Andere Zeit:** Der erste Artikel ist vom { $date }, nicht aus der Zeit, nach der du fragst.
notice-language = Mein Suchmodell beherrscht die Sprache dieser Frage nicht; vielleicht übersehe ich, was sie beantwortet.
notice-article-language = Mein Suchmodell beherrscht die Sprache dieses Artikels nicht; vielleicht übersehe ich in ihm und anderen dieser Sprache, was die Frage beantwortet.
notice-time = Ich habe nicht verstanden, welche Zeit gemeint ist: { $words }.
reply-before = Davor: { $sentence }
reply-citation = **{ $number }** { $source }: { $article }
reply-citation-dated = **{ $number }** { $source }: { $article }, { $date }
reply-source-kind = { $source } ({ $kind })
reply-speaker = Gesagt von { $speaker }:
reply-date-fresh = { $date } ({ $relative })
reply-emphasis = Wörtlich zitiert. Die Hervorhebung stammt vom Bot.
reply-exact = Wörtlich zitiert.
reply-demonstration = **Vorführung** mit erfundenen Artikeln
reply-uncalibrated = Die Übereinstimmung ist für dieses Modell nicht kalibriert; „stark“, „mittel“ und „schwach“ sind mit Vorsicht zu lesen.
reply-outlets = { $count } unabhängige Medien sagen das: { $outlets }. Kopien eines Textes und Medien eines Eigentümers zählen einmal.
dispute-number = **Medien nennen verschiedene Zahlen:** { $one } „{ $ours }“, { $other } „{ $theirs }“:
dispute-date = **Medien nennen verschiedene Tage:** { $one } „{ $ours }“, { $other } „{ $theirs }“:
dispute-time = **Medien nennen verschiedene Uhrzeiten:** { $one } „{ $ours }“, { $other } „{ $theirs }“:
dispute-named = **Medien nennen verschiedene Namen:** { $one } „{ $ours }“, { $other } „{ $theirs }“:

page = Seite { $number } von { $count }

## Die Knöpfe unter einer Antwort, und was sie zeigen

button-context = Mehr Kontext
button-sources = Weitere Quellen
button-follow = Nachfragen
button-helpful = Hilfreich
button-unhelpful = Nicht hilfreich
button-wrong = Falsches Zitat
button-reason = Begründen
button-previous = Zurück
button-next = Weiter
context-title = **Rund um Zitat { $number }**
context-part = Mehr erlaubt die Quelle nicht. Der Rest steht im Artikel.
context-gone = Zitat { $number } darf nicht mehr gezeigt werden: Der Artikel wurde geändert oder zurückgezogen.
sources-title = **Weitere Quellen** zu: { $question }
sources-title-forgotten = **Weitere Quellen**
sources-caution = Weitere Treffer, die seltener die Antwort enthalten. Wörtlich zitiert.
sources-none = Ich habe dazu keinen anderen Artikel gefunden.
verdict-helpful = Notiert: **hilfreich**. Danke. Mit einem anderen Knopf kannst du es ändern.
verdict-unhelpful = Notiert: **nicht hilfreich**. Danke. Mit einem anderen Knopf kannst du es ändern.
verdict-wrong = Notiert: **falsches Zitat**. Danke, mein Betreiber kann dem nachgehen. Mit einem anderen Knopf kannst du es ändern.
verdict-closed = Zu dieser Antwort zähle ich keine Urteile mehr: Die ersten sind so alt, dass ich vergessen habe, von wem sie kamen.
verdict-closed-reported = Mein Betreiber weiß es jetzt. Danke. Als Urteil zählt es nicht mehr: Die ersten Urteile zu dieser Antwort sind so alt, dass ich vergessen habe, von wem sie kamen.
verdict-reason = Notiert, mit deiner Begründung. Danke.
reason-title = Warum?
reason-label = In deinen Worten, bis zu { $limit } Zeichen
follow-title = Nachfragen
follow-label = Deine Frage zu dieser Antwort
button-unknown = Diese Antwort steht nicht mehr in meinem Protokoll, darum bewirken ihre Knöpfe nichts mehr. Bitte frag noch einmal.
button-retired = Dieser Knopf bewirkt nichts mehr. Bitte frag noch einmal.

## Nichts gefunden

nothing-found = **Nicht in meinen Quellen.** Dazu habe ich in { $articles ->
    [one] einem Artikel
   *[other] { $articles } Artikeln
} nichts gefunden.
nothing-found-since = **Nicht in meinen Quellen.** Dazu habe ich in { $articles ->
    [one] einem Artikel
   *[other] { $articles } Artikeln
} seit dem { $date } nichts gefunden.
nothing-indexed = **Nicht in meinen Quellen.** Aus der Zeit und den Quellen, um die es geht, habe ich keine Artikel.
nothing-nearest = Am nächsten kommt dieser Artikel:
nearest = { $source }: { $article }
nearest-dated = { $source }: { $article }, { $date }
untitled = Artikel ohne Titel

## Wenn es keine Antwort gibt

howto = Frag mich in einem Satz nach den Nachrichten, zum Beispiel: { $mention } warum fiel die Fähre aus? Ich antworte mit den Worten eines Artikels und nenne die Quelle. { $command } geht überall und auf Wunsch privat.
howto-direct = Frag mich in einem Satz nach den Nachrichten. Ich antworte mit den Worten eines Artikels und nenne die Quelle.
question-long = Diese Frage ist zu lang für mich: Sie hat { $length } Zeichen, lesen kann ich { $limit }. Bitte frag in einem kürzeren Satz.
question-empty = Darin habe ich keine Frage gefunden. Frag mich in einem Satz nach den Nachrichten.
error-index = Ich kann gerade nichts durchsuchen: Mein Verzeichnis der Artikel fehlt oder wird noch aufgebaut. Bitte versuch es in ein paar Minuten noch einmal.
error-setup = Das geht gerade nicht: An meiner Einrichtung stimmt etwas nicht. Mein Betreiber findet den Grund im Protokoll.
error-disk = Das geht gerade nicht: Meine Festplatte ist voll. Mein Betreiber findet es im Protokoll.
error-log = Mein Protokoll lässt sich gerade nicht benutzen, und ohne das geht es hier nicht. Bitte versuch es in ein paar Minuten noch einmal.
error-busy = Gerade warten zu viele Fragen. Bitte frag in einer Minute noch einmal.
error-stopping = Ich starte gerade neu. Bitte frag in einer Minute noch einmal.
error-bug = Bei mir ist etwas schiefgegangen, und ich konnte nicht antworten. Mein Betreiber findet es im Protokoll unter { $request }.
limit-member = Du fragst schneller, als ich für alle nachsehen kann. Bitte frag wieder in { $seconds ->
    [one] einer Sekunde.
   *[other] { $seconds } Sekunden.
}
limit-acts = Du bist schneller, als ich alle bedienen kann. Bitte versuch es wieder in { $seconds ->
    [one] einer Sekunde.
   *[other] { $seconds } Sekunden.
}
limit-guild = Dieser Server fragt schneller, als ich für alle Server nachsehen kann. Bitte frag wieder in { $seconds ->
    [one] einer Sekunde.
   *[other] { $seconds } Sekunden.
}
elsewhere = Fragen beantworte ich hier: { $channels }. In diesem Kanal soll ich es nach dem Wunsch der Admins nicht tun.
elsewhere-nowhere = In diesem Kanal soll ich nach dem Wunsch der Admins nicht antworten.
source-unknown = Eine Quelle „{ $source }“ lese ich hier nicht. Tipp die ersten Buchstaben und wähle sie aus der Liste.
date-unknown = „{ $text }“ verstehe ich nicht als Tag. Schreib ihn als 31.1.2026, 2026-01, gestern oder letzte Woche.
date-order = Der Zeitraum endet, bevor er beginnt; da gibt es nichts zu durchsuchen.
permission-missing = In { $channel } konnte ich dir nicht antworten, weil mir dort diese Rechte fehlen: { $permissions }. Bitte sag es einem Admin des Servers. Du kannst mich auch hier fragen.
permission-view = Kanal ansehen
permission-send = Nachrichten senden
permission-send-threads = Nachrichten in Threads senden
permission-history = Nachrichtenverlauf anzeigen
permission-attach = Dateien anhängen
permission-files = Ich kann dir die Datei hier nicht schicken, weil mir in diesem Kanal dieses Recht fehlt: { $permission }. Bitte sag es einem Admin des Servers, oder benutz den Befehl in einem anderen Kanal.
thread-here = Die Antwort steht im Thread: { $thread }

## Stöbern

command-latest-name = neueste
command-latest-description = Die neuesten Artikel, auf Wunsch einer Quelle oder zu einem Thema
option-topic-name = thema
option-topic-description = Nur Artikel der Quellen zu diesem Thema
command-sources-name = quellen
command-sources-description = Welche Quellen ich lese, mit ihrem neuesten Artikel und wie es um sie steht
command-article-name = artikel
command-article-description = Ein Artikel: was seine Quelle zu zeigen erlaubt, seine Fassungen und Korrekturen
option-article-name = artikel
option-article-description = Die Nummer eines Zitats der letzten Antwort hier, oder Wörter eines Titels
latest-title = **Neueste Artikel**, insgesamt { $count }
latest-title-source = **Neueste Artikel** von { $source }, insgesamt { $count }
latest-title-topic = **Neueste Artikel** zu { $topic }, insgesamt { $count }
latest-none = Hier ist noch kein Artikel.
latest-hint = { $command } zeigt einen davon, mit seinen Fassungen.
latest-more = { $count ->
    [one] und ein weiterer dazu
   *[other] und { $count } weitere dazu
}
latest-one-filter = Bitte wähle eine Quelle oder ein Thema, nicht beides.
topic-unknown = Zu „{ $topic }“ lese ich hier keine Quellen. Tipp den Anfang eines Themas und wähle es aus der Liste.
filter-gone = Diese Liste zeigt etwas, das ich hier nicht mehr lese.
article-by = { $source }
article-by-dated = { $source }, { $date }
article-changed = { $count ->
    [one] einmal geändert
   *[other] { $count }-mal geändert
}
article-no-quote = Die Quelle erlaubt kein Zitat aus diesem Artikel. Bitte lies ihn dort.
article-opening = Sein Anfang, wörtlich. Der Rest steht im Artikel.
article-around = Das Zitat fett, und so viel darum herum, wie die Quelle erlaubt. Der Rest steht im Artikel.
article-unknown = Einen solchen Artikel finde ich hier nicht. Tipp den Anfang seines Titels und wähle ihn aus der Liste, oder nenn die Nummer eines Zitats der letzten Antwort.
kind-opinion = Meinung
kind-sponsored = Anzeige
kind-satire = Satire
kind-live = Liveticker
editions-one = Unverändert seit { $date }, soweit ich gesehen habe.
editions-title = **{ $count ->
    [one] Eine Fassung
   *[other] { $count } Fassungen
}**
edition = **{ $number }** { $date }
edition-first = **1** { $date }, die erste
editions-earlier = { $count ->
    [one] und eine frühere
   *[other] und { $count } frühere
}
sources-list-title = **{ $sources ->
    [one] Eine Quelle
   *[other] { $sources } Quellen
}** mit { $articles ->
    [one] einem Artikel
   *[other] { $articles } Artikeln
}
sources-list-none = Hier lese ich noch keine Quellen.
sources-list-entry = **{ $source }**: { $articles ->
    [0] noch keine Artikel
    [one] ein Artikel
   *[other] { $articles } Artikel
}
sources-list-newest = Neuester: { $article }
sources-list-newest-dated = Neuester: { $article }, { $date }
sources-list-topics = { $topics }
health-good = In Ordnung
health-partly = In Ordnung bis auf einige Artikel
health-waiting = Wartet: Der Server bat um eine Pause
health-failing = Lässt sich gerade nicht lesen
health-unread = Noch nicht gelesen
health-paused = Angehalten: Neues wird nicht gelesen
health-dropped = Bleibt da, aber Neues wird nicht gelesen
health-checked = geprüft { $relative }

## Für Admins: einrichten

admin-only = Das können nur Mitglieder, die diesen Server verwalten dürfen.
owner-only = Das können nur mein Eigentümer und wen mein Betreiber benannt hat.
command-setup-name = einrichten
command-setup-description = Wie ich mich auf diesem Server verhalte: Kanäle, Quellen, Threads, Sprache, Sicherheit
language-itself = Deutsch
setup-title = Wie ich mich auf diesem Server verhalte
setup-how = Was du auswählst, gilt sofort.
setup-lacking = In { $channels } kann ich nicht lesen oder schreiben: Ich brauche dort „Kanal ansehen“, „Nachrichten senden“ und „Nachrichtenverlauf anzeigen“.
setup-lacking-threads = In { $channels } kann ich keine Threads eröffnen: Ich brauche dort „Öffentliche Threads erstellen“ und „Nachrichten in Threads senden“.
setup-channels-all = **Kanäle**: Ich antworte überall. Wähle welche aus, damit ich nur dort antworte.
setup-channels = **Kanäle**: Ich antworte nur in diesen. Leere die Auswahl, damit ich überall antworte.
setup-threads = **Threads**: In diesen Kanälen zieht ein langer Austausch in einen Thread um.
setup-answer-all = **Jede Frage**: In diesen Kanälen beantworte ich Fragen auch ohne Erwähnung.
setup-sources-all = **Quellen**: Ich zitiere alle, auch später hinzugefügte. Wähle welche aus, damit ich nur diese zitiere.
setup-sources = **Quellen**: Ich zitiere nur { $sources }. Leere die Auswahl, damit ich alle zitiere.
setup-sources-none = **Quellen**: Noch gibt es keine zur Auswahl.
setup-sources-more = { $count } weitere Quellen passen nicht hierher.
setup-language = **Sprache** der Antworten, die alle sehen.
setup-language-default = Die des jeweiligen Mitglieds
setup-threshold = **Sicherheit**, ab der ich antworte. Je höher, desto weniger Antworten und desto weniger falsche.
setup-threshold-default = Wie mein Betreiber sie eingestellt hat
setup-threshold-percent = Ab { $percent } %
setup-reset = Alles zurücksetzen

## Für Eigentümer: neu einlesen, und die Quellen

command-reindex-name = einlesen
command-reindex-description = Für meinen Eigentümer: alle Quellen jetzt lesen und den Index bauen
button-cancel = Abbrechen
reindex-title = **Neu einlesen**, gestartet von { $member } { $since }
reindex-title-ended = **Neu einlesen**, gestartet von { $member } am { $since }
reindex-starting = Es geht los.
reindex-stage-read = Dateien lesen
reindex-stage-fetch = Quellen lesen
reindex-stage-prepare = Modell vorbereiten
reindex-stage-embed = Abschnitte einbetten
reindex-stage-keywords = Wörter sammeln
reindex-stage-publish = Veröffentlichen
reindex-stage-other = In Arbeit
reindex-step = { $stage }: { $done } von { $total }, { $percent } %
reindex-step-open = { $stage }
reindex-published = Fertig: Ein neuer Index ist veröffentlicht.
reindex-unchanged = Fertig: Nichts hat sich geändert, der Index bleibt.
reindex-index = Er hat { $passages } Abschnitte aus { $articles } Artikeln.
reindex-counts = Neu { $new }, geändert { $changed }, unverändert { $unchanged }, zurückgezogen { $withdrawn }, nicht gelesen { $failed }
reindex-took = Es dauerte { $minutes } min { $seconds } s.
reindex-nothing = Nichts ließ sich lesen. Der Index bleibt, wie er war; die Gründe stehen in meinem Protokoll.
reindex-busy = Es wird schon eingelesen.
reindex-busy-process = Und zwar anderswo: { $holder }
reindex-failed = Das ist fehlgeschlagen, der Index bleibt, wie er war. Der Grund steht in meinem Protokoll.
reindex-cancelled = Abgebrochen von { $member }. Der Index bleibt, wie er war.
reindex-stopped = Angehalten, weil ich neu starte. Der Index bleibt, wie er war.
reindex-over = Dieses Einlesen ist vorbei.
reindex-here = Hier:
reindex-elsewhere = An einem anderen Ort:
command-source-name = quelle
command-source-description = Für meinen Eigentümer: was ich lese
command-source-add-name = hinzufügen
command-source-add-description = Finden, was eine Seite zu lesen anbietet, und es von nun an lesen
command-source-remove-name = entfernen
command-source-remove-description = Eine Quelle nicht mehr lesen; ihre Artikel bleiben und dürfen zitiert werden
command-source-pause-name = anhalten
command-source-pause-description = Vorerst nichts Neues einer Quelle lesen, oder damit fortfahren
command-source-test-name = testen
command-source-test-description = Zeigen, was von einer Seite gelesen würde; nichts davon bleibt
option-url-name = adresse
option-url-description = Die Seite, ein Teil von ihr, ein Feed oder eine Sitemap
option-outlet-name = name
option-outlet-description = Der Name, unter dem Mitglieder die Quelle sehen
option-topics-name = themen
option-topics-description = Wörter zum Filtern, durch Kommas getrennt
option-language-name = sprache
option-language-description = Ein Sprachkürzel wie en oder de
option-known-name = quelle
option-known-description = Eine meiner Quellen
option-resume-name = fortsetzen
option-resume-description = Sie wieder lesen
source-would-read = **Das würde ich lesen.** Nichts davon bleibt.
source-nothing = Unter { $url } habe ich keinen Feed und keine Sitemap gefunden. Wenn du die Adresse einer kennst, nenn mir diese.
source-there = Das lese ich schon, als { $source }.
source-added = **{ $source } gehört jetzt zu meinen Quellen.** { $command } liest sie sofort; ob sie zitiert wird, bestimmen Admins beim Einrichten.
source-removed = { $source } gehört nicht mehr zu meinen Quellen. Ihre Artikel bleiben und dürfen zitiert werden.
source-paused = { $source } ist angehalten: Neues wird nicht gelesen. Ihre Artikel dürfen zitiert werden.
source-resumed = { $source } wird wieder gelesen.
source-failed = Das ging nicht:
source-found = **{ $source }** ({ $kind }): { $count ->
    [one] ein Artikel
   *[other] { $count } Artikel
}
source-kind-feed = Feed
source-kind-sitemap = Sitemap
source-not-taken = Nicht genommen: { $reason }
source-others = Die Seite bietet außerdem:

## Für Admins: das Protokoll

command-stats-name = statistik
command-stats-description = Fragen, Antworten und was nicht gefunden wurde, in den Kanälen, die du siehst
option-days-name = zeitraum
option-days-description = Wie weit zurück
period-week = 7 Tage
period-month = 30 Tage
period-quarter = 90 Tage
command-export-name = export
command-export-description = Das Protokoll dieses Servers als Datei, aus den Kanälen, die du siehst
option-format-name = format
option-format-description = CSV für Tabellen, JSON für Programme
format-csv = CSV
format-json = JSON
stats-title = Fragen der letzten { $days } Tage
stats-questions = { $questions ->
    [one] Eine Frage
   *[other] { $questions } Fragen
}, { $answered } beantwortet ({ $percent } %)
stats-helpful = { $judged ->
    [one] Ein Urteil
   *[other] { $judged } Urteile
}, { $helpful } hilfreich ({ $percent } %)
stats-no-verdicts = Noch hat kein Mitglied eine Antwort beurteilt.
stats-none = In den letzten { $days } Tagen wurde in den Kanälen, die du siehst, nichts gefragt.
stats-answered-short = beantwortet
stats-unanswered-short = nicht beantwortet
stats-alt = Balkendiagramm der Fragen im Lauf der Zeit von { $first } bis { $last }: { $questions } gestellt, { $answered } beantwortet; am meisten ab { $when } mit { $most }.
stats-topics = Nicht beantwortet, nach Thema
stats-topic = **{ $words }**: { $count }, etwa „{ $example }“
stats-topic-other = andere: { $count }, etwa „{ $example }“
stats-what = Ohne Direktnachrichten, private Antworten und Kanäle, die du nicht siehst. Die Tage gelten nach UTC.
export-none = Im Protokoll der Kanäle, die du siehst, steht nichts.
export-rows = { $rows ->
    [one] Eine Zeile
   *[other] { $rows } Zeilen
}, die neuesten zuerst.
export-newest = Die neuesten { $rows } von { $total } Zeilen: Mehr passen nicht in eine Nachricht.
export-what = Ohne Direktnachrichten, private Antworten und Kanäle, die du nicht siehst, und ohne Angabe, wer gefragt hat.

## Rechte der Mitglieder

command-privacy-name = datenschutz
command-privacy-description = Was ich über dich speichere: ansehen, mitnehmen, löschen
command-privacy-show-name = zeigen
command-privacy-show-description = Was ich über dich speichere, und wie lange
command-privacy-export-name = exportieren
command-privacy-export-description = Alles, was ich über dich speichere, als Datei
command-privacy-delete-name = löschen
command-privacy-delete-description = Alles löschen, was ich über dich speichere
privacy-title = Was ich über dich speichere
privacy-nothing = Nichts: keine Frage, kein Urteil, keine Einstellung.
privacy-questions = { $count ->
    [one] Eine Frage mit ihrer Antwort, vom { $oldest }
   *[other] { $count } Fragen mit ihren Antworten, die älteste vom { $oldest }
}
privacy-verdicts = { $count ->
    [one] Ein Urteil über eine Antwort
   *[other] { $count } Urteile über Antworten
}, { $reasons ->
    [0] ohne Begründung in deinen Worten
    [one] eines mit Begründung in deinen Worten
   *[other] { $reasons } mit Begründung in deinen Worten
}
privacy-acts = { $count ->
    [one] Ein Vermerk, was du als Admin oder Eigentümer getan hast
   *[other] { $count } Vermerke, was du als Admin oder Eigentümer getan hast
}
privacy-notices = { $count ->
    [one] Ein Wunsch, später etwas zu erfahren
   *[other] { $count } Wünsche, später etwas zu erfahren
}
privacy-rules = Nach { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
} vergesse ich deine Worte und von wem sie sind. Löschst du die Nachricht mit einer Frage, vergesse ich ihre Worte sofort. Einstellungen von dir speichere ich nicht.
privacy-key = In meinem Protokoll stehst du unter einem Schlüssel, den nur diese Installation aus deiner Discord-ID bilden kann, nicht unter deinem Namen.
privacy-how = Nichts von dir wird benutzt, um etwas zu trainieren oder einzustellen, und nichts wird weitergegeben.
privacy-link = Die Datenschutzerklärung meines Betreibers: { $url }
privacy-export = Alles, was ich über dich speichere, so wie es in meinem Protokoll steht. Das siehst nur du.
privacy-delete-title = Alles löschen, was ich über dich speichere?
privacy-delete-what =
    Sofort und für immer weg: deine Worte, dein Schlüssel, deine Urteile und Begründungen, was du verfolgst und gesagt bekommen willst.
    Was bleibt: der Tag, Server und Kanal, wie sicher ich war, und die Zitate aus Artikeln, ohne etwas, das zu dir führt.
    In Discord bleiben die Nachrichten: Die löschst du oder dein Server. Die Knöpfe unter meinen Antworten an dich tun dann nichts mehr.
privacy-delete-button = Alles löschen
privacy-deleted = Erledigt. Alles über dich ist gelöscht, auch in der Statistik: Was dort bleibt, lässt sich nicht mit dir verbinden. Spielt mein Betreiber eine alte Sicherung ein, wird es dort wieder gelöscht.

reply-checked = In den Quellen habe ich zuletzt { $relative } nach Neuem gesehen. Neuere Artikel können fehlen.

## When an article changes after an answer

amended-banner = **Berichtigt am { $date }.** { $count ->
    [one] Ein hier zitierter Artikel wurde seither geändert: siehe Zitat { $numbers }.
   *[other] Hier zitierte Artikel wurden seither geändert: siehe Zitate { $numbers }.
}
amended-banner-withdrawn = **Berichtigt am { $date }.** { $count ->
    [one] Ein hier zitierter Artikel wurde seither zurückgezogen: siehe Zitat { $numbers }.
   *[other] Hier zitierte Artikel wurden seither zurückgezogen: siehe Zitate { $numbers }.
}
amended-banner-differing = **Berichtigt am { $date }.** Was ein anderes Medium anders meldet, hat sich seither geändert: siehe, wo Medien Verschiedenes nennen.
amended-banner-removed = **Etwas hier Zitiertes wurde auf Verlangen entfernt.** Es wird nicht mehr gezeigt.
amended-now = **Der Artikel sagt jetzt:**
amended-gone = **Der Artikel sagt das nicht mehr.**
amended-changed = **Der Artikel sagt jetzt etwas anderes.** Lies ihn, bevor du dich hierauf verlässt.
amended-dropped = **Nicht mehr auf der Seite.** Sie geht ohne diesen Eintrag weiter.
amended-withdrawn = **Der Artikel wurde zurückgezogen**, oder an seiner Stelle steht ein anderer Text.
amended-removed = **Auf Verlangen entfernt.**
amended-note = Er schreibt zur Änderung: { $note }
reply-fixed = Eine Antwort wie diese kann ich später nicht ändern. Ändert sich ein Artikel darin, sagt es dir { $command }.
command-corrections-name = berichtigungen
command-corrections-description = Welche Antworten an dich seither berichtigt wurden, weil sich ihre Artikel änderten
corrections-title = **Berichtigte Antworten**, { $count } insgesamt
corrections-none = **Keine Antwort an dich musste berichtigt werden.** Ich vergleiche jedes Zitat nach jeder Änderung mit seinem Artikel.
corrections-entry = **{ $question }** ({ $date })
corrections-forgotten = Eine Frage, die ich vergessen habe
corrections-open = Zur Antwort
corrections-more = Und mehr: siehe die Antwort.
corrections-telling = Ich sage dir durch eine Direktnachricht, wenn eine Antwort an dich berichtigt wird. Dieser Wunsch endet von selbst am { $date }.
corrections-not-telling = Ich schreibe dir nicht wegen Berichtigungen. Sie stehen in den Antworten, und hier.
corrections-tell = Sag es mir per Direktnachricht
corrections-stop = Nicht mehr sagen
corrections-told = **Eine Antwort an dich wurde berichtigt**, weil sich ihr Artikel geändert hat:
corrections-how-to-stop = Du wolltest, dass ich es dir sage. { $command } beendet das.

## Eine Frage verfolgen

button-watch = Auf dem Laufenden halten
command-follow-name = verfolgen
command-follow-description = Per Direktnachricht erfahren, wenn es zu einer Frage etwas Neues gibt
command-following-name = verfolgt
command-following-description = Die Fragen, die du verfolgst, jede mit einem Knopf zum Beenden
option-followed-description = Wovon du erfahren willst, als Frage
option-here-name = hier
option-here-description = Diesen Kanal benachrichtigen, nicht dich; für Mitglieder, die dort Nachrichten verwalten
follow-made = Ich schreibe dir eine Direktnachricht, wenn meine Quellen dazu etwas Neues haben, höchstens eine in mehreren Stunden. Das endet von selbst am { $date }.
follow-made-here = Ich schreibe es in diesen Kanal, wenn meine Quellen dazu etwas Neues haben, höchstens eine Nachricht in mehreren Stunden. Das endet von selbst am { $date }.
follow-stop = Beenden
follow-told = **Neu zu dem, was du verfolgst:** { $question }
follow-told-once = **Neues zu dem, was du verfolgt hast**
follow-ended = Beendet. Dazu schreibe ich nichts mehr.
follow-not-yours = Nur wer das verfolgt, kann es beenden, in einem Kanal auch, wer dort Nachrichten verwaltet.
follow-not-here = Nur Mitglieder, die in einem Kanal Nachrichten verwalten dürfen, können ihn benachrichtigen lassen. Ohne diese Option schreibe ich dir direkt.
follow-cannot-post = Von mir aus kann ich in diesem Kanal nicht schreiben, weil mir hier etwas fehlt: { $permissions }. Bitte sag es einem Admin des Servers.
follow-most = Du verfolgst schon { $count } Fragen, mehr nehme ich nicht. { $command } beendet welche.
following-title = { $count ->
    [one] **Du verfolgst eine Frage**
   *[other] **Du verfolgst { $count } Fragen**
}
following-none = Du verfolgst keine Frage. Das beginnt mit dem Knopf unter einer Antwort oder mit dem Befehl dafür.
following-direct = per Direktnachricht
following-here = in einem Kanal
following-unreachable = dich oder den Kanal konnte ich nicht erreichen, deshalb ruht das; verfolge es neu, damit es weitergeht
following-until = bis { $date }
following-stop = Beende { $number }
privacy-shown = { $count ->
    [one] Eine weitere Nachricht mit Zitaten, die ich dir gezeigt habe, damit ich sie berichtigen kann
   *[other] { $count } weitere Nachrichten mit Zitaten, die ich dir gezeigt habe, damit ich sie berichtigen kann
}
privacy-follows = { $count ->
    [one] Eine Frage, die du verfolgst
   *[other] { $count } Fragen, die du verfolgst
}

## Wie sich etwas entwickelt hat

command-timeline-name = verlauf
command-timeline-description = Wie sich etwas entwickelt hat: ein zitierter Satz für jeden Tag mit Neuem
option-matter-description = Worum es geht, als Frage oder in wenigen Worten
timeline-title = **Wie es sich entwickelt hat:** { $title }
timeline-none = Dazu habe ich in meinen Quellen nichts gefunden.
timeline-foot = Aus { $articles ->
    [one] einem Artikel
   *[other] { $articles } Artikeln
}, Kopien eines Textes einmal gezählt. Wörtlich zitiert, wie es an dem Tag geschrieben wurde.
timeline-picture = Als Bild
timeline-no-picture = Ich habe keine Schrift mit den Zeichen dieser Geschichte und kann sie nicht zeichnen.
