"""The commonest English stems, the commonest first.

A corpus of one page cannot tell a rare word from a common one; these 2,000 do until it is large enough. The order is
that of the word-piece vocabulary of BERT, uncased (Devlin et al. 2018, Apache-2.0), which is sorted by frequency: whole
words only, without `index.question.STOPWORDS`, each stem at its first place.
"""

from __future__ import annotations

STEMS = """
one first new two time say like back make school now year world well thre later citi used stat person part
know mani second universiti national don way even get head didn team american de born unit film still long
work south becom high day fami see right man eye hous season war includ take life north call name much plac
however go four group found win area going awai seri leav home music best hand number compani several never
last john album end good follow releas game plai littl begin district old want side hold ear counti leagu
use west face think govern march come small general town june line bas someth september look along internat
air juli club januari october august april york east show member colleg father public five set church next
former november room parti locat december age system let love though everi song water centuri without bodi
black night within great woman singl build larg populat river nam band whit start servic top british open
death king mov local child februari book door need president order final road wasn due major died villag
third ask turn st together receiv main son serv different behind himself feel power football law voic near
park histori mother armi point front help english street art late award young put publish countri divis
across tell often ever french london center six red lead light find speci real central half form original
give offic mak enough lose full live german player run busi communiti cup mill land court develop short
round ii km class stori alwai sure research almost director council la career thing using island couldn car
clos forc better free support control field student educat marri noth other record big insid level anyth
continu jame militari establish non return titl writ foot william far co associat hard alreadi championship
human western depart hall role various product heart liv fire vers televis royal produc act case societi
region present radio period least total keep england wife program per brother mind special soon political
georg creat able reach david union join done important social informat either appear posit ground rock dark
elect board franc hair cours arm site polic girl instead sound word moment someon summer project announc san
less past blue al india tak america design consider northern god stop battl toward european outsid describ
track todai languag heard professional low australia mile california green try blood southern scienc mayb
everyth match squar mouth video race abov daughter spac museum chang middl common move tv post lake seven
ten paul minister month chief canada sea similar modern bring rest hit mr floor event thoma robert care kill
train star week finish railwai rather health send exampl term michael com current yes despit gold stag fact
dead popular germani probab result pull friend stood monei mi sign eventual meet tour averag minut festival
deep kind decid usual eastern seem episod bed add tabl indian privat charl rout availabl idea throughout
centr addit appoint styl eight construct press mean wall remain studi institut oh chines sometim possibl
australian type brown forward talk process food debut seat performanc committe featur character herself else
lot strong russian rang hour peter morn dr sell quick direct guitar china list perform media uk smil myself
coach provinc wouldn whol boy official grand census europ attack japanes henri cross alon action lower
network wide washington japan hospital believ sister sir hadn ship academi shoot below base bad involv
largest bank futur especial mark sect femal magazin plan professor lord longer sat walk hill actual civil
energi model size thus aircraft complet data captain fight vocal richard bridg fourth officer ston hear
medical manag self lip competit entir technologi federal tourna bit pass hot independent kingdom mari spend
fine doesn report jack fall rais stai true studio sport replac paris saint leader theatr market capital
parent spanish canadian earth cut degre bay christian natural higher bill coast provid previous senior ft
vallei organizat onto conferenc queen securiti interest allow master earlier phon matter smith happen
campaign los breath mid certain date italian african stand artist deal mine industri everyon republic
collect librari primari own older heavi attent anyon africa length finger command staff skin foreign
governor okai medal sun cover job introduc chest hell success reason standard novel trad sourc rise guy goal
chapter nativ husband limit enter producer operat mountain relat roman successful key texa cold channel
traditional danc clear approximat nine van princ quest activ ireland regional silver author personal sens
economic twenti isbn additional spe edit regular historic shook movi secretari prior chicago read foundat
view engin scor airport properti readi immediat ladi contract manager themselv navi writer practic singer
glass commiss requir forest cultur giv access attend test coupl catholic martin catch executiv chair quit
shoulder hope decis defeat municipaliti whether structur offer slow pain ice paper miss most not individual
natur plant except computer figur relationship issu significant loss die gun highest male mexico problem
distanc commercial annual famous driv neck surfac caus ita understand greek highwai wrong hotel appearanc
joseph doubl musical castl incom review assemb bass initial parlia experienc particular engineer window drop
babi break edge remember polici carri stadium bar sex angel evidenc assistant soviet upper step wing youth
financial actor numerous nod arriv sorri complex beautiful victori templ chanc perhap metal bishop lee
launch tree le retir subject priz contain yeah theori empir sudden wait trust happi camp champ religious
zealand port ancient tom corner represent watch legal anti justic material simp respons louis fast answer
historical straight increas rate administrat virginia el activiti cultural overall winner basketball leg
guard beyond cast doctor mm flight cost effect winter larger chairman grow commander isn pay fail select
hurt fort box regi majoriti journal edward shown pretti irish scen spring junior mike fellow beach marriag
rule oil florida expect nearbi congress sam peac recent iii subsequent cell varieti agre pleas poor joe
pacific attempt wood democratic piec prim rural touch township soldier pennsylvania closer claim jone
physical editor fill genus specific sit super mom therefor status fear stor wale minor spain tower focus
vice frank parish separat golden hors fifth branch secret baseball exact choic note discover travel compos
truth russia ball color kiss dad wind ring refer digital greater metr slight responsibl crew troop goe hundr
weight creek sleep memori defens code valu jewish safe judg whatever corp realiz pre alexander gaze ly
spread scott letter situat mayor transport worker extend express normal chart multipl border host dai mrs
piano heat cannot earn drama era authoriti grad difficult machin territori squadron iron sky speak charg
knowledg kilometr remov articl campus simpl push britain cd soft boston latter easi acquir poland qualiti
presenc nation mass broadcast jean shar imag influenc wild emperor electric abiliti promot yellow ministri
throat smaller politician latin lack pop consist estat pressur johnson newspaper jr chris olympic onlin
condit beat element vote carolina text global block shirt francisco purpos et dutch duke ahead gas twic
safeti serious lieutenant firm maria amount mix daniel propos perfect affair contemporari prison save
kitchen label administrativ intend academic nice teacher corporat ben shut drum victoria opera graduat funct
von ment pick recogniz protect pictur notabl exchang lov percent rac fish elizabeth garden volum hockei
besid settl compet repli drew actress marin scotland steel glanc farm stev risk tonight positiv magic grai
screen dog resident bus none secondari literatur polish destroi fly founder household lay reserv usa galleri
industrial younger approach urban avenu powerful ful growth page honor jersei advanc reveal basic infantri
pair equip visit search grant effort solo treat buri republican bottom owner israel jim dream bob spot
contact ed soul accept del split pric capaciti basis trial guess memorial naval whisper median sydnei
columbia strength tear senat card asian agent softwar draw warm suppos pro transfer lean candidat escap asia
potential entertain traffic jackson murder orchestra haven agenci bbc teach websit comedi unabl storm rugbi
environ scientific grab boat typical damag principal divid dedicat mount ohio driver empti sort thank berlin
prominent account freedom necessari alex headquarter alongsid des simon andrew suggest learn sweet technical
teeth scal renam ray max enemi semi joint compar scottish leadership analysis georgia captur animal deputi
guest organiz toni combin method challeng huge battal crim faciliti path platform assign rich aliv concept
conduct wear buy holi ocean purchas coffe occur declar appli concert jazz brain paint fleet tax nick
michigan count content birth palac critical refus fair laugh surround participat format lift connect rome
medicin laid taylor santa adam tall yard entranc choos beneath resourc nominat silenc zone defin gain thirti
moon adopt christma register apart iran premier du unknown generat brigad quiet cloth impact weapon partner
flat theater suprem suffer wilson kid internet worth background quarter kong hong architectur diseas
railroad inc possib wish arthur thought harri densiti crowd illinois stomach tone uniqu anywai liberal der
vehicl thick dry drug fac them strang colonel revolut bell politic silent rail relief independenc combat
shap determin sale oxford heritag fict designat distribut sight interview estimat reduc toronto footballer
damn motion sixth en rear twelv dress audienc brazil spirit notic etc representativ eric tight troubl drink
vampir rank wave critic phas massachusett pilot unlik philadelphia bright crown roof respectiv tongu circl
fox korea bronz brian expand sexual sup yourself inspir labour fc referenc vision draft brand classic trip
jesus entri neither trail atlantic labor nose afraid identifi intelligenc cancer stephen imperial grei jason
sundai swedish avoid extra uncl messag surpris fame hunter citizen davis environmental confirm shit di
differenc exist opportuniti shop opposit pakistan realiti bare wine conversat faculti northwest documentari
nuclear stock grac eat alternativ bag cemeteri sarah cricket tradit ride exhibit target explain rain
composer injuri municipal occupi netherland clean constitut maximum classical francis jose ontario bear core
roll drawn permanent fun lewis chamber ryan height lyric snow oldest orang qualifi interior apparent succeed
thousand dinner existenc fan greatest conservativ bowl plus economi duti speech princess effectiv poetri
desk passenger sharp acre ass weather fund check adult cm southeast lane applicat bc les prevent displai ex
earl federat cool relativ obtain react lik dean peak counter relig chain rare miller convent aid lie mobil
squad wonder lying crazi sword weren philosophi categori anna sweden wolf frequent abandon kg literari
allianc task entitl threw factori tini soccer matt fm achiev defenc internal persian arrest otherwis
cambridg elementari criminal conflict worri signal bird truck programm ad communist detail faith sector
patrick controll korean origin fuel evil brief identiti address pool publicat web planet ian anne invit
climat walter wors albert desir aged northeast dangerous gate doubt wooden multi poet ris communicat violenc
copi prepar ford investigat skill electronic ultimat sing restaurant tomorrow fash christ ward da pope flow
fresh wrestl approv emploi respect suit fram angri thin temperatur ali inhabitant extensiv narrow jane
flower promis somewher object bureau cape presidential legislativ artilleri strik un kevin anymor pp
attornei fit dan billboard agricultural seek dave admit mexican charli specifical hole iv howard credit
moscow accident prov hey stuff slid expans cat anthoni melbourn oppos sub southwest architect failur map
camera tank listen regard wet introduct metropolitan link ep fighter inch gene anger fix dvd khan domestic
worldwid chapel turkei pocket antonio unless circuit concern attach journalist journei convert provincial
aren negativ asid knight lap survei ma nois bil guid bedroom priest resistanc motor giant equal comic
patient hide solid afternoon wed canal sr kim treati turkish recognit residenc cathedral broad knee incident
fir norwegian handl cheek contest beauti advantag emergenci wrap pink somehow bachelor seventh alan assum
chemical personnel roger jeff portugues tied devic threat progress hir manchester nfl forever tennis
saturdai junct hip incorporat neighborhood ceremoni visual stair decad inner kansa hung hop schedul downtown
engag austria clock norwai pale victor employe plat tropical minnesota philippin retriev anderson gordon
vietnam outstand muslim folk demand observ lawyer kel string pleasur budget item colorado philip deriv
surviv mental jake jew distinguish ltd sri extrem athletic loud shadow transportat
"""
