"""The stock phrases of news pages that are no part of a story: labels, links, credits, promotion; no outlet's own."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[\"“”„«»「」]")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_STOP = re.compile(r"[.!?…。！？｡।؟۔][\"'”’»«)\]」』*_]*$")
_INNER_STOP = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s)|[。！？｡](?=.)")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")

_NAME = r"(?:[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][\w.'’-]*|de|da|del|van|von|der|bin|al)"
_NAMES = rf"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][\w.'’-]*(?: {_NAME}){{0,4}}"

# Headings over boxes that are not the story. The first group's boxes hold links, the second's are about the writer.
_LINK_BOX = re.compile(
    r"(?:related|more (?:on|from|in|stories|news|about|like)|most (?:read|popular|viewed|shared)|read (?:more|"
    r"next|also)|"
    r"recommended|trending|popular|latest|top (?:stories|news)|you (?:may|might) (?:also )?(?:like|be interested)|"
    r"editors?['’]?s? picks?|must[- ]reads?|see also|up next|what to read next|don['’]t miss|in this (?:story|article)|"
    r"topics?|tags?|filed under|categories|sections?|newsletters?|comments?|join the (?:conversation|discussion)|"
    r"share(?: this)?(?: (?:story|article|page))?|follow us|menu|navigation|sponsored|partner content|promoted|"
    r"mehr zum thema|lesen sie (?:auch|mehr)|auch interessant|meistgelesen|kommentare|themen|schlagwörter|"
    r"(?:à )?lire aussi|sur le même (?:sujet|thème)|les plus lus|commentaires|"
    r"lea también|te puede interesar|también te puede interesar|más (?:sobre|noticias|leídas)|relacionad[oa]s?|"
    r"leia (?:também|mais)|mais lidas|comentários|leggi anche|i più letti|lees ook|meest gelezen|"
    r"läs (?:också|mer|även)|les også|læs også|czytaj (?:także|też|również)|читайте также|по теме|"
    r"комментарии)\b.{0,40}",
    re.I,
)
_WRITER_BOX = re.compile(
    r"(?:about (?:the )?(?:author|writer|reporter|journalist|contributor|editor)s?|meet the (?:author|writer|"
    r"reporter)s?|"
    r"über (?:den autor|die autorin|die autoren)|zur person|à propos de l['’]auteure?|sobre (?:el autor|"
    r"la autora|o autor|"
    r"a autora)|l['’]autore|over de auteur|об авторе|contributors?|the author|author bio)\b.{0,30}",
    re.I,
)

_COMMENTS = re.compile(
    r"(?:(?:\d+|(?:view|show|read|all|top|latest)(?: (?:all|rated))?(?: \d+)?) )?(?:reader(?:s['’]?|['’]s)? )?"
    r"(?:comments?|kommentare|"
    r"leserkommentare|commentaires|comentarios|comentários|commenti|reacties|join the (?:conversation|discussion)|"
    r"(?:leave|post|write|add) (?:a|your) (?:comment|reply)|kommentar (?:schreiben|verfassen)|laisser un commentaire|"
    r"deja (?:un comentario|una respuesta))\W*(?:\d+\W*)?|"
    r"\d+ (?:thoughts? on|responses? to|repl(?:y|ies) to|comments? on|gedanken zu) \W.{0,150}",
    re.I,
)
_COMMENT = re.compile(
    r"\b(?:\d+ ?(?:s|m|h|d|w|y|mins?|hrs?|minutes?|hours?|days?|weeks?|months?|years?|an?) ago|reply|replies|report|"
    r"vor \d+ (?:minuten?|stunden?|tagen?)|antworten|il y a \d+|répondre|responder|upvotes?|likes?)\b",
    re.I,
)

# A line that begins so and is short, or is no sentence, leads away from the story.
_LINK_START = re.compile(
    r"(?:\W*)(?:read (?:more|next|also|the (?:full|original))|click (?:here|to)|tap (?:here|to)|sign (?:up|in)|log ?in|"
    r"register (?:now|for|here|to)|subscribe|follow (?:us|our|@)|share (?:this|on|via)|download (?:the|our)|"
    r"listen (?:to|now|here)|watch (?:now|live|the video|more|:)|watch:|see also|related:|more:|more on |more from |"
    r"recommended(?: for you)?:?$|advertisement|advert$|story continues|article continues|continue reading|skip to|"
    r"jump to|back to top|view (?:all|more|comments|gallery|image)|show more|load more|see more|print(?: this)?$|"
    r"e-?mail(?: this)?$|copy link|save(?: article)?$|tweet$|facebook$|twitter$|whatsapp$|linkedin$|reddit$|share$|"
    r"comments?$|leave a comment|\d+ comments?\b|\d+ shares?\b|\d+ min(?:ute)?s? read|get (?:the|our) (?:app|"
    r"newsletter)|"
    r"reading time|lesezeit|temps de lecture|tiempo de lectura|tempo di lettura|"
    r"(?:image|media|video|picture) (?:caption|source)\b|"
    r"support (?:us|our)|donate|buy (?:now|tickets)|shop now|add to|photos?:|video:|gallery:|in pictures|home$|search$|"
    r"menu$|accept(?: all)?$|accept (?:all )?cookies\b|manage (?:cookies|preferences|consent)|"
    r"privacy (?:policy|notice)|"
    r"terms (?:of|and)|"
    r"contact us|about us|cookie|©|copyright\b|\(c\) \d|sponsored|promoted|paid content|"
    r"lesen sie (?:auch|mehr|hier)|mehr (?:zum thema|dazu)|anzeige$|jetzt (?:abonnieren|anmelden|lesen)|abonnieren|"
    r"(?:à )?lire (?:aussi|la suite|également)|abonnez|publicité$|partager|s['’]abonner|"
    r"lea (?:también|más)|leer más|suscríb|publicidad$|compart|te puede interesar|"
    r"leia (?:também|mais)|assine|inscreva|publicidade$|leggi (?:anche|tutto)|iscriviti|abbonati|pubblicità$|"
    r"lees (?:ook|meer)|abonneer|advertentie$|läs (?:också|mer|även)|prenumerera|annons$|les også|læs også|annonse?$|"
    r"czytaj (?:także|też|również|więcej)|reklama$|читайте также|подпи(?:шитесь|сывайтесь)|реклама$)",
    re.I,
)
_AWAY = re.compile(
    r"(?:^|[.!?:–—-] )(?:subscribe|sign up|join|donate|register)(?: us| them)?(?: now| here| today)?\W*$|"
    r"\b(?:click|tap) (?:here|the link|below)\b|\bread (?:more|the full (?:story|article)|next)\W*$",
    re.I,
)

# Words of offers; with "you", "your" or "our" beside them the outlet speaks of itself.
_OFFER = re.compile(
    r"\b(?:subscri\w+|newsletters?|inbox|sign(?:ing)? up|sign in|log in|regist(?:er|ration)|free trial|"
    r"member(?:ship)?s?|"
    r"app|apps|download|donat\w+|support our|ad-free|click|unlimited|follow us|podcasts?|notifications?|alerts|"
    r"delivered|briefing|exclusive|special offers?|offer|browse|updates|cookies|privacy|unsubscribe|consent|"
    r"independent journalism|our journalism|our reporting|reporters? at work|join|audio|digital edition|print edition|"
    r"magazine|daily edition|discount|promo|coupon|commission|affiliate)\b",
    re.I,
)
_ADDRESS = re.compile(r"\b(?:you|your|yours|you['’](?:re|ll|ve)|our|us)\b", re.I)
_OURS = re.compile(r"\b(?:our|us)\b", re.I)
_SECOND = re.compile(r"\b(?:you|your|yours|you['’](?:re|ll|ve))\b", re.I)
_COMMAND = re.compile(
    r"\W*(?:subscribe|sign|get|join|download|listen|watch|follow|support|enjoy|discover|try|click|tap|want|"
    r"never|don['’]t|"
    r"stay|become|help|send|email|contact|unlock|start|keep|choose|save|share|have a|do you|are you|got a|"
    r"for more|if you)\b",
    re.I,
)
_CONTACT = re.compile(
    r"\b(?:e-?mail|contact|write to|message|call|text) (?:us|our|the (?:reporter|author|writer))\b|"
    r"\b(?:do you have|have you|got) (?:a |any )?(?:news )?(?:tips?|story|stories|information)\b.*\?|"
    r"\bfollow (?:him|her|them|me) on\b|\b(?:he|she|they) can be (?:reached|contacted|followed)\b|"
    r"\bcan be (?:reached|contacted|followed)\b.{0,40}@|\bnot responsible for the content of (?:external|other)\b|"
    r"\b(?:can(?:no|['’])t|could not) be (?:played|shown|loaded) in your browser\b|"
    r"\b(?:(?-i:Cancel)|you (?:can|may) cancel) (?:any ?time|at any time|whenever)\b|"
    r"\b(?:found|spotted|noticed|seen) an? (?:error|mistake|typo)\?|\babonnez-vous\b|\bjetzt abonnieren\b|"
    r"\breach (?:him|her|them|the (?:reporter|author|writer|newsroom)) at\b.{0,60}@|"
    r"^(?:a version of )?this (?:article|piece|essay|story|report|text) (?:first |originally )?"
    r"(?:appear(?:s|ed)|was (?:first |originally )?published)\b|^dieser (?:artikel|beitrag|text) erschien\b|"
    r"\bfor more (?:\w+ ){0,6}"
    r"(?:visit|subscribe|follow|sign up|go to|see our)\b|\bmay (?:earn|receive) (?:a |an )?(?:\w+ )?commission\b|"
    r"\bwe use cookies\b|\ball rights reserved\b|\bdelivered (?:straight |directly )?to your\b|\bto your inbox\b|"
    r"\bterms (?:of (?:use|service)|and conditions)\b|\bprivacy (?:policy|notice)\b|"
    r"\bmay not be (?:published|reproduced|redistributed)\b|\breproduced (?:with|by) permission\b",
    re.I,
)
_LETTER = re.compile(
    r"\b(?:subscribe|sign up|get|join|our|free|jetzt|unser\w*|zum|kostenlos\w*|abonn\w+|notre|suscr\w+|iscriv\w+)"
    r"\b.{0,30}\bnewsletters?\b|\bnewsletters?\b.{0,30}\b(?:abonnieren|anmelden|sign up|subscribe|free|kostenlos)\b",
    re.I,
)
_MISSION = re.compile(r"\b(?:is|are|remains?) (?:committed|dedicated|devoted) to\b", re.I)

_CREDIT = re.compile(
    rf"(?:^|[.!?…\"”)\]] |^[^.]*[,:—–-] ){_NAMES} ?/ ?[A-Z][\w &.'’-]*(?: via [A-Z][\w &.'’-]*)?$|"
    r"^(?i:photo(?:graph)?s?|image|picture|illustration|credit|graphic|video|source|foto|fotos|bild|crédit|crédits|"
    r"imagen|immagine|ilustración|zdjęcie|fot\.|фото)s?(?: (?:by|credit|courtesy|par|von|de))?(?: ?[:©/|]|"
    r" (?=[A-Z][a-z]+ [A-Z]))|"
    r"[([](?i:photo|image|picture|illustration|credit|file|foto|bild|crédit|©)[^()\[\]]{0,80}[)\]]\W*$|"
    rf"[(\[][A-Z][\w .&'’-]{{1,40}} ?/ ?{_NAMES}[)\]]\W*$|"
    rf"(?:^|[.!?…] )(?i:courtesy(?: of)?|file photo|handout|pool photo|©) ?[A-Z(]?[\w .,/&'’()-]{{0,60}}$|"
    rf"^{_NAMES} (?:via|for [Tt]he) {_NAMES}$|^{_NAMES} (?:images|photos?|pictures)$|"
    r"\b(?i:photo|image|picture|photograph|illustration|credit|foto)s?(?: by| credit| courtesy of)?(?:: ?[A-Z©]|"
    r" ©)[^.!?]{0,80}\.?$",
)
_CREDIT_WORD = re.compile(
    r"\b(?:getty images|file photo|press photo|photo credit|image credit|shutterstock|unsplash)\b", re.I
)

_BYLINE = re.compile(
    rf"(?:(?:[Ww]ritten |[Rr]eported |[Tt]ext )?[Bb]y|BY|Von|Par|Por|Di|Door|Af|Av|Автор:?|Text:|Words:|"
    rf"Author:) (?:the )?"
    rf"{_NAMES}(?:(?:,| and| und| et| y| e| en| och| &|\s[|·•—–-])[^.!?]*)?"
)
_SIGN_OFF = re.compile(
    r"(?i:[(\[]?(?:additional |with )?(?:reporting|writing|editing|compiled|translated|edited|"
    r"written)(?: and \w+)? (?:by|from)) "
    r"[A-Z].{0,200}|.{2,80} contributed (?:to this (?:report|story|article)|reporting)\W*|"
    r"[Tt]his (?:report|story|article) was (?:written|produced|compiled|edited) by .{0,100}|"
    r"[—–-] ?[A-Z][\w.'’ -]{2,40}$"
)
_BIO = re.compile(
    rf"^{_NAMES},? (?:is|was|has been|covers|writes|reports|joined|works)\b.{{0,160}}\b(?:reporter|writer|journalist|"
    r"correspondent|editor|columnist|contributor|freelancer|blogger|staff|producer|covering|newsroom)\b|"
    rf"^{_NAMES} (?:covers|writes about|reports on)\b",
)
_DATELINE = re.compile(
    r"\W*(?:(?:first |last |originally )?(?:published|posted|updated|modified|created|last updated|veröffentlicht|"
    r"aktualisiert|stand|"
    r"publié|mis à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|gepubliceerd|опубликовано)\b.{0,70}|"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:\d{1,2}\.? )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}?,? ?\d{4}.{0,40}|\d{4}-\d\d-\d\d.{0,30}|"
    r"\d{1,2}[./]\d{1,2}[./]\d{2,4}.{0,30}|\d+ (?:minutes?|hours?|days?|weeks?) ago.{0,20})",
    re.I,
)
_CLOCK = r"(?:\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?| Uhr)?)"
_MONTHS = r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zé]*\.?"
_WHEN = (
    rf"(?:{_CLOCK}|{_MONTHS}|\d{{4}}-\d\d-\d\d(?:T[\d:.]+Z?)?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{1,4}}(?:st|nd|rd|th)?|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|at|um|gmt|utc|bst|ce?s?t|eet|ed?s?t|cdt|md?s?t|pd?s?t|ist|jst|aes?dt)"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# A stamp that opens with the clock, or with a word and a colon: nothing else stands in it.
_STAMP = re.compile(
    rf"(?:(?:first |last |originally )?(?:published|posted|updated|modified|veröffentlicht|aktualisiert|stand):? ?)?"
    rf"{_WHEN}(?:[\s,.|·•/–—-]+{_WHEN}){{2,10}}",
    re.I,
)
_NOTE = re.compile(
    r"\W*(?:(?:an earlier|a previous|the original) (?:version|article|story|report|post|headline)\b.{0,80}\b"
    r"(?:misstated|misspelled|mis\w+ed|incorrectly|wrongly|gave|said|stated|referred)\b|"
    r"this (?:article|story|report|post|page|piece|headline)\b.{0,60}\b"
    r"(?:updated|corrected|amended|clarif\w+|been changed)\b)",
    re.I,
)
_NOTE_START = re.compile(
    r"\W*(?:corrections?|clarifications?|updates?|updated|editor['’]?s?['’]? note|berichtigung|korrektur|"
    r"anmerkung der redaktion|rectificatif|corrección|fe de errores|correção|rettifica|correctie|rättelse|уточнение|"
    r"исправление)(?:,? ?\(?[\w ]{0,12}\d[\w :.,]{0,20}\)?)?\s?(?::(?!\d)|[—–-] )",
    re.I,
)
_SYMBOLS = re.compile(
    r"[\W_]*|(?:https?://|www\.)\S+|\S+@\S+\.\w+|@\w+|[\W_]*30[\W_]*|[\d.,]+[KMk]?|"
    r"\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?"
)


def words(line: str) -> int:
    """How many words the line has; in scripts without spaces, two characters count as one."""
    return len(_WORD.findall(line)) + len(_UNSPACED.findall(line)) // 2


def ends_sentence(line: str) -> bool:
    """Whether the line ends as a sentence does, closing quotation marks and brackets aside."""
    return _STOP.search(line) is not None


def stops(line: str) -> list[int]:
    """Where sentences may end before the line does, as offsets behind full stops and what closes with them."""
    return [found.end() for found in _INNER_STOP.finditer(line)]


def opens_link_box(line: str) -> bool:
    """A heading over links: "Related", "More from …"."""
    return words(line) <= 8 and not ends_sentence(line) and _LINK_BOX.fullmatch(line.strip(" :|•▪-—")) is not None


def opens_comments(line: str) -> bool:
    """A heading over what readers wrote."""
    return len(line) <= 180 and _COMMENTS.fullmatch(line.strip(" :|•▪-—[]()")) is not None


def is_comment_line(line: str) -> bool:
    """The line of a reader's comment that says when, or offers to answer it."""
    return words(line) <= 8 and not ends_sentence(line) and _COMMENT.search(line) is not None


def opens_writer_box(line: str) -> bool:
    """A heading over a note on the writer."""
    return words(line) <= 7 and _WRITER_BOX.fullmatch(line.strip(" :|•▪-—")) is not None


def is_byline(line: str) -> bool:
    """A line that only names who wrote or edited."""
    if len(line) > 300:
        return False
    if _SIGN_OFF.fullmatch(line) and words(line) <= 40:
        return True
    return words(line) <= 16 and not ends_sentence(line) and _BYLINE.fullmatch(line) is not None


def is_dateline(line: str) -> bool:
    """A line that only says when the page was published or changed."""
    if len(line) > 150 or words(line) > 16:
        return False
    return _is_stamp(line) or (not is_note(line) and _DATELINE.fullmatch(line) is not None)


def opens_caption(line: str) -> bool:
    """A label that a picture's caption follows on the next line."""
    return re.fullmatch(r"(?:image|media|video|picture) caption[,:]?", line.strip(), re.I) is not None


def is_menu(line: str) -> bool:
    """Several short labels on one line, with signs between them."""
    parts = [part for part in re.split(r"[|▾▼›»•·/]+|(?<= )>(?= )", line) if part.strip()]
    return len(parts) >= 3 and all(words(part) <= 4 for part in parts)


def is_credit(line: str) -> bool:
    """A picture's credit, or a caption that ends in one."""
    if len(line) > 500 or words(line) > 70:
        return False
    if _CREDIT.search(line):
        return True
    return not ends_sentence(line) and _CREDIT_WORD.search(line[-60:]) is not None


def is_slug(line: str) -> bool:
    """A picture's file name or alternative text: a few words, none of them with a capital."""
    if re.fullmatch(r"[\w .()-]+\.(?:jpe?g|png|gif|webp|svg|mp4)", line, re.I):
        return True
    return 2 <= words(line) <= 12 and line.islower() and line[0].isalpha() and line[-1].isalnum() and ":" not in line


def is_note(line: str) -> bool:
    """A note that the article was corrected or updated."""
    found = len(line) <= 1_500 and (_NOTE_START.match(line) or _NOTE.match(line)) is not None
    return found and not _is_stamp(line)


def is_bio(line: str) -> bool:
    """A sentence or two on who the writer is."""
    return len(line) <= 600 and words(line) <= 70 and _BIO.search(line) is not None


def is_mission(line: str) -> bool:
    """A sentence on what some body is devoted to, as outlets end their pages."""
    return words(line) <= 30 and not _QUOTED.search(line) and _MISSION.search(line) is not None


def second_person(line: str) -> bool:
    """Whether the line speaks to its reader."""
    return _SECOND.search(line) is not None


def is_promotion(line: str, *, strict: bool = False) -> bool:
    """Whether the outlet speaks of itself, its offers or its rules instead of telling the story.

    Args:
        line: one paragraph or list item.
        strict: ask for more signs, as in articles that speak to their reader throughout.
    """
    count = words(line)
    if len(line) > 600 or count > 60 or is_note(line):
        return False
    if count <= 10 and not ends_sentence(line) and _LETTER.search(line):
        return True
    if _LINK_START.match(line) and (count <= 12 or not ends_sentence(line)) and not _QUOTED.match(line):
        return True
    if _QUOTED.search(line):
        return False
    if _AWAY.search(line) or _CONTACT.search(line):
        return True
    offers = {found.casefold() for found in _OFFER.findall(line)}
    if not offers or not _ADDRESS.search(line):
        return False
    signs = len(offers) + bool(_COMMAND.match(line)) + bool(_OURS.search(line))
    return signs >= (4 if strict else 2)


def _is_stamp(line: str) -> bool:
    return len(line) <= 80 and _YEAR.search(line) is not None and _STAMP.fullmatch(line) is not None


def is_noise(line: str) -> bool:
    """Signs, numbers or an address alone."""
    return len(line) <= 300 and _SYMBOLS.fullmatch(line) is not None
