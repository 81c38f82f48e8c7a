"""Which words may stand for each other, and which exclude each other: closed lists for comparing two versions of a
sentence, in the spelling of `corpus.lexicon`."""

from __future__ import annotations

from corpus.lexicon import table


def _poles(lines: str) -> dict[str, frozenset[tuple[int, int]]]:
    """``a b | c d`` lines to a map from each word to the lines it stands on and its side of the bars there."""
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for group, line in enumerate(filter(None, map(str.strip, lines.splitlines()))):
        for pole, side in enumerate(line.split("|")):
            for word in side.split():
                found[word] = found.get(word, frozenset()) | {(group, pole)}
    return found


# Words that copy editors swap for each other without changing what is said. One sense to a word: where a word has
# several, the one of news prose.
SYNONYMS = table("""
begin: start commence launch launched kick
end: finish conclude
stop: halt cease
buy: purchase acquire
say: tell state add announce report note remark comment declare explain claim describe call
ask: request urge appeal
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
choose: select pick name appoint
inspect: review checked
expect: forecast predict anticipate
airline: carrier
own: belong
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
cancel scrap | postpone delay suspend | proceed
begin start | end finish
north northern northward | south southern southward | east eastern eastward | west western westward
northeast | northwest | southeast | southwest
morning | afternoon | evening
early | late
yesterday gestern | today heute | tomorrow morgen
last | next
son | daughter | brother | sister | father | mother | husband | wife | cousin | uncle | aunt | nephew | niece | \
grandfather | grandmother | grandson | granddaughter | stepfather | stepmother
resign quit | dismiss sack | suspend | reinstate
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
all every | most | half | many several some | few | none
to for | against
low | moderate | considerable | high | extreme
profit | revenue turnover sales | loss | dividend | debt
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
