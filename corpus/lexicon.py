"""Closed word lists for comparing two versions of a sentence, English first with the German words that matter most.

Everything here is lower case, without diacritics and in the spelling that `corpus.canonical` folds words to.
"""

from __future__ import annotations


def _table(lines: str) -> dict[str, str]:
    """``first: others`` lines to a map from each word to the first of its line."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        first, _, others = line.partition(":")
        found.update(dict.fromkeys([first, *others.split()], first))
    return found


def _poles(lines: str) -> dict[str, frozenset[tuple[int, int]]]:
    """``a b | c d`` lines to a map from each word to the lines it stands on and its side of the bars there."""
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for group, line in enumerate(filter(None, map(str.strip, lines.splitlines()))):
        for pole, side in enumerate(line.split("|")):
            for word in side.split():
                found[word] = found.get(word, frozenset()) | {(group, pole)}
    return found


GERMAN_MARKS = frozenset(
    "der die das und nicht ist ein eine einen dem den mit von auf fur sich auch werden wird zu im".split()
)
ENGLISH_MARKS = frozenset("the and of to in is was were that on for with said has have by at from it its an".split())

STOPWORDS = frozenset(
    "a about after again against all also although am an and any are as at be because been before being between both "
    "but by can could did do does doing down during each few for from further had has have having he her here hers "
    "him his how i if in into is it its itself just may me might more most must my no nor not of off on once only or "
    "other our out over own same shall she should so some such than that the their them then there these they this "
    "those through to too under until up upon us very was we were what when where which while who whom whose why will "
    "with would you your ago among amid another around since via yet one now still later earlier "
    "meanwhile however said "
    "say people person according told tell "
    "der die das ein eine einen einem einer und oder aber nicht ist war sind waren wird werden wurde wurden hat haben "
    "hatte hatten im in am an auf aus bei mit nach von vom zu zum zur uber unter fur gegen um als auch "
    "noch nur sich er "
    "sie es wir ihr sein seine dass weil wenn wie so ab bis seit durch dem den des sei sollen soll will "
    "sagte sagten teilte "
    "mit".split()
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
IRREGULAR = _table("""
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

# Words that copy editors swap for each other without changing what is said. One sense to a word: where a word has
# several, the one of news prose.
SYNONYMS = _table("""
begin: start commence launch launched kick
end: finish conclude
stop: halt cease
buy: purchase acquire
say: tell state add announce report note remark comment declare explain claim describe call
ask: request urge
injure: hurt wound injury
kill: die death dead fatal
near: close nearby
big: large huge great
small: little tiny
show: reveal display
hit: strike crash
house: home household
shop: store
car: vehicle
ship: vessel boat
plane: aircraft jet aeroplane
truck: lorry
film: movie
help: aid assist assistance support
need: require
want: seek demand
get: receive obtain gain
give: provide donate hand
keep: retain remain stay
try: attempt bid
use: utilise
job: post role
plan: scheme proposal propose intend
schedule: due set
money: cash fund
firm: company business
official: authority
police: officer constable force detective
spokesman: spokeswoman spokesperson
teenager: teen youth
child: kid
father: dad
mother: mum mom
jail: prison imprison sentence
arrest: detain custody
charge: indict
accuse: allege allegation accusation alleged allegedly
convict: guilty conviction
acquit: clear exonerate innocent
resign: quit
dismiss: sack fire
cut: reduce lower decrease reduction slash
fall: drop decline slip sink plunge slump
rise: climb increase grow jump surge soar growth
approve: endorse ratify approval
reject: refuse rebuff
vote: ballot poll
deal: agreement accord
talk: discussion negotiation
discuss: debate
fire: blaze
quake: earthquake tremor
crack: fissure
flood: flooding
rain: rainfall
road: street motorway highway route
railway: rail railroad
pupil: student schoolchild
film: movie
doctor: physician medic
study: research
scientist: researcher
find: discover discovery recover locate
believe: think
about: around approximately roughly circa nearly some etwa rund ungefahr
under: below
over: above
also: too well
only: just merely
often: frequently
quick: rapid fast
follow: after
because: since due owing
while: as whereas
include: including
build: construct construction
destroy: wreck
damage: harm
move: relocate transfer
leave: depart
arrive: reach
happen: occur
look: examine
choose: select pick
hire: employ recruit
worker: employee staff
boss: chief head
leader: head
meeting: session
visit: trip
sale: sell
price: cost
tax: levy
free: gratis
entry: admission
visitor: guest
cancel: scrap abandon
postpone: delay defer
shut: close closure
open: reopen
watch: view
win: beat defeat
game: match
team: side squad
ban: prohibit forbid
allow: permit let
stay: remain
city: town
resident: local inhabitant
old: elderly
refund: reimburse
extinct: vanish
rediscover: find
overturn: topple tip
shelter: refuge
steal: theft loot
night: overnight
hour: hourly
twice: double
tow: haul
blame: fault
praise: hail laud
criticise: condemn slam
warn: caution
must: should
put: place
sick: ill
beginnen: starten anfangen
sagen: erklaren mitteilen berichten
""")

# Words of the contrasts that count in this very form ("last", not "lasted").
EXACT = frozenset(
    "questioning questioned last next early late over above under below all every some up down gain back "
    "free fast exit fire men women freed released cleared lowered lehnt nimmt stimmt".split()
)

# Sides of a contrast: a word of one side in place of a word of another changes what is said. Stems as `stem` gives
# them; the line is the contrast, the bars part its sides.
CONTRASTS = _poles("""
rise climb ascend increase grow jump surge soar gain higher up growth accelerate raise | fall drop descend decline \
decrease plunge slump sink lower down slip shrink slow cut reduce reduction lowered | keep maintain unchanged
more greater | less fewer
over above exceed | under below
kill die dead death fatal deadly | injure hurt wound injury | missing miss | survive alive unhurt unharmed safe \
rescue found freed released
questioning questioned interrogated | arrest detain custody | charge indict | accuse suspect allege alleged \
allegedly | convict guilty conviction | acquit innocent exonerate cleared | free release bail
open reopen | shut close closure
win beat defeat | lose defeated loss | draw tie
approve pass endorse back accept adopt ratify favor approval | reject refuse oppose veto rejection fail
admit confirm acknowledge | deny
buy purchase acquire | sell | give donate inherit lend
uphold upheld | dismiss overturn quash
innocent | guilty
arrive | depart leave
widen | narrow
taller | shorter
longer | shorter
richer | poorer
better | worse
best | worst
profit surplus | loss deficit
import | export
cancel scrap | postpone delay suspend
begin start | end finish
north northern northward | south southern southward | east eastern eastward | west western westward
northeast | northwest | southeast | southwest
morning | afternoon | evening
early | late
yesterday gestern | today heute | tomorrow morgen
last | next
son | daughter | brother | sister | father | mother | husband | wife | cousin | uncle | aunt | nephew | niece | \
grandfather | grandmother | grandson | granddaughter | stepfather | stepmother
murder | manslaughter | assault | robbery | burglary | theft | fraud | rape | arson | kidnapping | bribery | \
perjury | blackmail
spring | summer | autumn fall | winter
lose | make earn
thousands | hundreds | dozens | millions
male | female
men | women
lehnt | nimmt stimmt
man | woman
boy | girl
all every entire | most majority | some several | none
day daily | week weekly | month monthly | quarterly | year yearly annual annually | hour hourly | decade
former | current
public | private
maximum | minimum
majority | minority
inside | outside
temporary temporarily | permanent permanently
accident accidental accidentally | deliberate deliberately purpose intentional intentionally arson
ally | enemy
victory | defeat
highest | lowest
largest biggest | smallest
most | fewest
strong stronger strongest | weak weaker weakest
land landed touched touchdown | crash crashed
welcome praise applaud | criticise condemn dismiss denounce
heavy heavier heaviest | light lighter lightest
fast faster fastest | slow slower slowest
young younger youngest | old older oldest
cheap cheaper cheapest | expensive dearer
release bail | custody remand
lift | impose tighten
support | oppose
enter | leave exit
legal lawful | illegal unlawful
positive | negative
true | false
success successful succeed | fail failure unsuccessful
able | unable
agree | disagree
stable serious | critical | dead
dollar | euro | pound | yen
steigen gestiegen zunehmen | fallen gefallen sinken gesunken abnehmen
mehr | weniger
mindestens | hochstens
gewinnen gewonnen | verlieren verloren
offnen geoffnet | schliessen geschlossen
getotet tot | verletzt | vermisst
festgenommen | freigelassen
angeklagt | verurteilt | freigesprochen
zugestimmt angenommen | abgelehnt
norden nordlich | suden sudlich | osten ostlich | westen westlich
""")

# The same for words that exclude each other only where one stands in exactly the other's place.
ALIGNED = _poles("""
before | after | during
from | until
left | right
with | without
red | amber | orange | yellow | green | blue | black | white | brown | grey | pink | purple | silver
this | next | last
to for | against
low | moderate | considerable | high | extreme
profit | revenue turnover | loss | dividend | debt
operating | pretax | net | gross
illness infection | death
header | volley | penalty | freekick | tackle
chairman chairwoman chair | executive | president | mayor | treasurer | founder
home | away
final | partial preliminary provisional
king | queen | prince | princess
senior | junior
acting | former
injury | illness
wife husband | sister brother | son daughter
gold | silver | bronze
bus | train | tram | ferry | plane | car | van | caravan | lorry | boat | drone | helicopter | motorcycle | bicycle
hospital | school | church | mosque | hotel | prison | airport | library | factory | theatre
dog | cat | horse | sheep | cow | pig | wolf | bear
gun | knife | bomb | rifle
arm | leg | foot | hand | head | knee | shoulder | back
gas | oil | coal | nuclear | wind | solar
pedestrian | cyclist | motorist | passenger
teacher | doctor | nurse | engineer | lawyer | farmer | soldier
sunny | cloudy | rainy
single | married | divorced
import | export
domestic | foreign
national | local | regional
primary | secondary
upper | lower
vor | nach
links | rechts
rot | gelb | grun | blau
""")
# Words that make another office or deed of the one they stand before.
QUALIFIERS = frozenset(
    "former vice deputy acting interim attempted assistant stellvertretende stellvertretender kommissarische".split()
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
    "can possible risk threat potential likely expect fear chance believe suspect would kann konnen suggest".split()
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
ACTORS = _table("""
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

APPROXIMATE = {
    "about": 0, "around": 0, "roughly": 0, "approximately": 0, "some": 0, "circa": 0, "etwa": 0, "rund": 0,
    "over": 1, "above": 1, "mindestens": 1,
    "under": -1, "nearly": -1, "almost": -1, "below": -1, "fast": -1, "knapp": -1,
}  # fmt: skip

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_EINER = (
    "null ein zwei drei vier funf sechs sieben acht neun zehn elf "
    "zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn"
).split()
_ZEHNER = "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig".split()

NUMBER_WORDS: dict[str, float] = {word: value for value, word in enumerate(_UNITS)}
NUMBER_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
NUMBER_WORDS |= {word: value for value, word in enumerate(_EINER) if value > 1}
NUMBER_WORDS |= {word: 10 * value for value, word in enumerate(_ZEHNER, 2)}
NUMBER_WORDS |= {
    f"{ones}und{tens}": 10 * ten + one
    for ten, tens in enumerate(_ZEHNER, 2)
    for one, ones in enumerate(_EINER[:10])
    if one
}
NUMBER_WORDS |= {
    "single": 1,
    "twice": 2,
    "thrice": 3,
    "zweimal": 2,
    "dreimal": 3,
    "dozen": 12,
    "dutzend": 12,
    "both": 2,
    "beide": 2,
}
MULTIPLIERS = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9,
    "mn": 1e6, "mln": 1e6, "tn": 1e12, "trn": 1e12, "k": 1e3, "b": 1e9, "dozen": 12, "tausend": 1e3, "hundert": 1e2,
    "millionen": 1e6, "mio": 1e6, "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9,
}  # fmt: skip
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
ORDINALS = {word: value for value, word in enumerate(_ORDINALS, 1)}
FRACTIONS = {
    "half": 50.0,
    "third": 100 / 3,
    "quarter": 25.0,
    "fifth": 20.0,
    "tenth": 10.0,
    "halfte": 50.0,
    "viertel": 25.0,
    "drittel": 100 / 3,
    "funftel": 20.0,
    "zehntel": 10.0,
}
DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}

CURRENCIES = {
    "$": "$", "€": "€", "£": "£", "¥": "¥", "dollar": "$", "dollars": "$", "usd": "$", "euro": "€", "euros": "€",
    "eur": "€", "pounds": "£", "gbp": "£", "yen": "¥",
}  # fmt: skip
# Unit word -> (dimension, how many base units it is); months and years by their average length.
UNITS: dict[str, tuple[str, float]] = {
    name: (dimension, size)
    for dimension, sizes in {
        "length": {
            "km kilometer kilometers kilometre kilometres kms kilometern": 1000.0, "mile miles mi meilen": 1609.34,
            "m meter meters metre metres metern": 1.0,
            "cm centimeter centimeters centimetre centimetres zentimeter": 0.01,
            "mm millimeter millimeters millimetre millimetres": 0.001, "foot feet ft": 0.3048, "inch inches": 0.0254,
            "yard yards": 0.9144, "nauticalmile": 1852.0,
        },
        "speed": {"kmh kph": 1.0, "mph": 1.60934, "knots": 1.852},
        "mass": {"kg kilo kilos kilogram kilograms": 1.0, "tonne tonnes tons ton tonnen": 1000.0,
        "gram grams": 0.001, "lb lbs": 0.4536},
        "area": {"hectare hectares ha hektar": 1.0, "acre acres": 0.4047},
        "volume": {"liter liters litre litres litern": 1.0, "gallon gallons": 3.785},
        "time": {
            "second seconds sekunden": 1.0, "minute minutes min mins minuten": 60.0,
            "hour hours hr hrs stunde stunden": 3600.0,
            "day days tag tage tagen": 86400.0, "week weeks woche wochen": 604800.0,
            "month months monat monate monaten": 2629800.0,
            "year years jahr jahre jahren": 31557600.0, "decade decades jahrzehnt jahrzehnte": 315576000.0,
            "century centuries": 3155760000.0,
        },
        "percent": {"% percent pc prozent": 1.0},
        "points": {"percentagepoint prozentpunkt prozentpunkte": 1.0},
    }.items()
    for names, size in sizes.items()
    for name in names.split()
}  # fmt: skip

MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january januar,feb february februar,mar march marz,apr april,may mai,jun june juni,"
        "jul july juli,aug august,"
        "sep sept september,oct october oktober okt,nov november,dec december dezember dez".split(","), 1
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        "monday mon montag,tuesday tue tues dienstag,wednesday wed mittwoch,thursday thu thur thurs donnerstag,"
        "friday fri freitag,saturday sat samstag sonnabend,sunday sun sonntag".split(",")
    )
    for name in names.split()
}  # fmt: skip
