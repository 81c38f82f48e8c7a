"""Closed word lists for comparing two versions of a sentence, English first with the German words that matter most.

Everything here is lower case, without diacritics and in the spelling that `corpus.canonical` folds words to.
"""

from __future__ import annotations


def table(lines: str) -> dict[str, str]:
    """``first: others`` lines to a map from each word to the first of its line."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        first, _, others = line.partition(":")
        found.update(dict.fromkeys([first, *others.split()], first))
    return found


GERMAN_MARKS = frozenset(
    "der die das und nicht ist ein eine einen dem den mit von auf fur sich auch werden wird zu im".split()
)
ENGLISH_MARKS = frozenset("the and of to in is was were that on for with said has have by at from it its an".split())

FUNCTION_WORDS = frozenset(
    "a about after again against all also although am an and any are as at be because been before being between both "
    "but by can could did do does doing down during each few for from further had has have having he her here hers "
    "him his how i if in into is it its itself just may me might more most must my no nor not of off on once only or "
    "other our out over own same shall she should so some such than that the their them then there these they this "
    "those through to too under until up upon us very was we were what when where which while who whom whose why will "
    "with would you your ago among amid another around since via yet according".split()
)
"""English words that say nothing by themselves."""

STOPWORDS = FUNCTION_WORDS | frozenset(
    "one now still later earlier meanwhile however said "
    "say people person told tell "
    "der die das ein eine einen einem einer und oder aber nicht ist war sind waren wird werden wurde wurden hat haben "
    "hatte hatten im in am an auf aus bei mit nach von vom zu zum zur uber unter fur gegen um als auch "
    "noch nur sich er "
    "sie es wir ihr sein seine dass weil wenn wie so ab bis seit durch dem den des sei sollen soll will "
    "sagte sagten teilte laut zufolge angaben".split()
)

TITLES = frozenset(
    "mr mrs ms miss mx dr doctor prof professor sir dame lord lady rev reverend father sgt sergeant capt captain lt "
    "lieutenant col colonel gen general maj major cpl const constable pc inspector detective superintendent judge "
    "justice mayor president minister premier chancellor governor senator rep congressman congresswoman councillor "
    "mp secretary king queen prince princess chief coach manager striker director chairman chairwoman chair ceo "
    "commissioner ambassador archbishop bishop pope sheikh herr frau oberburgermeister oberburgermeisterin "
    "burgermeister burgermeisterin minister ministerin kanzler kanzlerin prasident prasidentin polizei professorin "
    "nurse teacher farmer engineer diver singer writer poet biologist shopkeeper".split()
)  # fmt: skip

ABBREVIATIONS = {
    "cllr": "councillor", "prof": "professor", "dr": "doctor", "gov": "governor", "sen": "senator", "gen": "general",
    "sgt": "sergeant", "capt": "captain", "lt": "lieutenant", "col": "colonel", "maj": "major", "rev": "reverend",
    "st": "street", "rd": "road", "ave": "avenue", "dept": "department", "govt": "government",
    "corp": "corporation", "ltd": "limited", "inc": "incorporated", "univ": "university", "vs": "v", "versus": "v",
    "approx": "approximately", "mum": "mother", "jr": "junior", "sr": "senior", "no1": "number1", "okay": "ok",
    "uk": "unitedkingdom", "us": "us", "usa": "us", "whilst": "while", "amongst": "among", "amidst": "amid",
    "towards": "toward", "forwards": "forward", "afterwards": "afterward", "learnt": "learned", "burnt": "burned",
    "spelt": "spelled", "dreamt": "dreamed", "gray": "grey", "tire": "tyre", "jewelry": "jewellery", "til": "until",
    "till": "until", "defense": "defence", "offense": "offence", "license": "licence", "practise": "practice",
    "program": "programme", "check": "cheque", "plow": "plough", "sulfur": "sulphur", "aluminum": "aluminium",
    "airplane": "aeroplane", "pajamas": "pyjamas", "story": "storey", "stories": "storeys", "ageing": "aging",
    "judgment": "judgement", "skeptical": "sceptical", "mold": "mould", "maneuver": "manoeuvre", "yogurt": "yoghurt",
    "kerb": "curb", "draught": "draft", "acknowledgment": "acknowledgement", "adviser": "advisor",
    "licensed": "licenced", "licensing": "licencing", "enrol": "enroll", "fulfil": "fulfill", "instal": "install",
    "instalment": "installment", "&": "and", "bzw": "beziehungsweise", "ca": "circa", "etc": "etcetera",
    "thru": "through", "alright": "allright", "skilful": "skillful", "wilful": "willful",
}  # fmt: skip

CONTRACTIONS = {
    "n't": ("not",), "'ll": ("will",), "'ve": ("have",), "'re": ("are",), "'m": ("am",), "'d": ("would",),
}  # fmt: skip
IS_CONTRACTED = frozenset("it he she that there what who here where how".split())

# Other forms of a word that no rule of endings reaches.
IRREGULAR = table("""
be: is are was were been being am s
have: has had having
do: does did done doing
say: said says saying
will: would
win: won
rise: rose risen
fall: fell fallen
hold: held
lead: led
lose: lost
make: made
take: took taken
shoot: shot
buy: bought
sell: sold
build: built
begin: began begun
give: gave given
get: got gotten
meet: met
pay: paid
send: sent
spend: spent
tell: told
become: became
break: broke broken
choose: chose chosen
fight: fought
steal: stole stolen
write: wrote written
go: went gone
come: came
see: saw seen
know: knew known
grow: grew grown
fly: flew flown
drive: drove driven
speak: spoke spoken
strike: struck stricken
seek: sought
teach: taught
catch: caught
bring: brought
think: thought
keep: kept
leave: left
feel: felt
run: ran
sing: sang sung
sink: sank sunk
drink: drank drunk
swim: swam swum
wear: wore worn
die: dying died dies
hide: hid hidden
eat: ate eaten
freeze: froze frozen
withdraw: withdrew withdrawn
find: found
hear: heard
stand: stood
sit: sat
bear: bore
show: shown
swear: swore sworn
tear: tore torn
throw: threw thrown
draw: drew drawn
lie: lay lain lying
bite: bit bitten
man: men
woman: women
child: children
foot: feet
wife: wives
life: lives
shut: shutting
""")

# Verbs of two words, by stem, that mean what one verb does.
PHRASAL_VERBS = {
    (verb, particle): single
    for single, phrases in {
        "cancel": "call off", "proceed": "go ahead", "postpone": "put off,push back", "reject": "turn down",
        "resign": "step down,stand down", "land": "touch down", "withdraw": "pull out", "explode": "blow up,go off",
        "dismiss": "throw out", "establish": "set up", "conduct": "carry out", "close": "shut down,close down",
        "investigate": "look into", "continue": "carry on", "abandon": "give up", "demolish": "pull down",
        "increase": "go up", "decrease": "go down,come down", "seek": "look for", "return": "go back,come back",
    }.items()
    for verb, particle in (phrase.split() for phrase in phrases.split(","))
}  # fmt: skip

# Words that make another office or deed of the one they stand before.
QUALIFIERS = frozenset(
    "semi ex non former vice deputy acting interim attempted assistant "
    "stellvertretende stellvertretender kommissarische".split()
)
OFFICES = frozenset(
    "minister ministry secretary officer director commissioner editor court committee department agency".split()
)

NEGATORS = frozenset(
    "not no never none nobody nothing nowhere neither cannot without noone "
    "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder".split()
)
# What stands beside a "not" without saying more than it.
BESIDE_NEGATION = frozenset("longer anymore mehr weiterhin weiter still yet any anyone anybody ever jemals".split())
# Verbs and adjectives with a "not" inside: they may stand for one in other words.
IMPLICIT_NEGATORS = frozenset(
    "refuse decline fail deny reject lack absent prevent avoid unable rule cancel free miss stop unlikely impossible "
    "cut lose out off halt unaware unchanged unhurt untouched last least only reluctant hardly barely "
    "scarce unknown unclear exempt "
    "verweigern ablehnen fehlen unverletzt".split()
)
# An inserted clause that begins with one of these adds to the sentence and leaves the rest as it was.
CLAUSE_OPENERS = frozenset(
    "but although though which who and while or because since as where when that whose aber obwohl und".split()
)

POSSIBLE = frozenset(
    "may might could possibly perhaps maybe consider potentially konnte konnten moglicherweise vielleicht".split()
)
POSSIBLE_ENOUGH = POSSIBLE | frozenset(
    "can possible risk threat potential likely expect fear chance believe suspect would kann konnen suggest "
    "allow permit able unable".split()
)
# Stems: what makes less of the deed that follows; and verbs that say nothing by themselves.
LIMITERS = frozenset("almost near try attempt doubt half part".split())
LIGHT = frozenset("becom get take make go come give put keep due do back suffer sustain".split())
# Stems: who speaks for a body that may be named instead.
SPEAKERS = frozenset("official authority spokesman spokeswoman spokesperson sourc organizer leader".split())
# Stems: what a body is called beside the word that tells which: "fire brigade", "fire service".
BODIES = frozenset(
    "brigad servic department authority force offic agency board body chain retailer group company firm maker "
    "manufacturer producer".split()
)
SHARES = frozenset("most all few many majority minority".split())
RISKS = frozenset(
    "risk threat threatened plan plans planned intend intends propose proposed gefahr bedroht plant".split()
)
CERTAIN = frozenset("will shall must wird werden muss".split())
HEDGES = frozenset(
    "allegedly alleged reportedly suspected purported purportedly supposedly apparently unconfirmed presumed "
    "mutmasslich mutmassliche mutmasslichen mutmasslicher angeblich angebliche".split()
)
HEDGED_ENOUGH = HEDGES | frozenset(
    "accuse suspect allege claim charge say said according believe may might could sollen soll".split()
)
# Stems: what makes a deed an accusation, and what else says that it is not proven.
ACCUSING = frozenset("accus suspect alleg".split())
ACCUSED_ENOUGH = frozenset("charg deny say claim".split())
FALSITY = frozenset(
    "false falsely untrue wrongly incorrectly erroneously mistakenly debunk retract hoax falsch".split()
)

# Who speaks or acts; words of one group may stand for each other.
ACTORS = table("""
police: officer detective investigator constable sheriff
prosecutor: prosecution
witness: onlooker bystander eyewitness
resident: local neighbour villager islander inhabitant
council: city councillor town municipality
government: minister ministry cabinet
opposition: opponent critic
company: firm operator airline employer business manufacturer carmaker utility
union: worker employee staff
hospital: doctor medic nurse surgeon
lawyer: defence solicitor barrister attorney
judge: court magistrate jury
scientist: researcher author academic expert
relative: family widow
parent: mother father
pupil: student schoolchild
campaigner: activist charity
firefighter: fire
coastguard: navy
army: soldier military troop
rebel: militant insurgent
victim:
mayor:
president:
priest: bishop imam rabbi
school: teacher headteacher
suspect: defendant
analyst: economist
polizei:
zeuge: zeugen
feuerwehr:
staatsanwaltschaft:
""")
SAYING = frozenset("say according sagte sagten sagen teilte laut zufolge".split())
