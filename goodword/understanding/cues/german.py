"""What do people say in German when they want something? Written as cues/__init__.py explains."""

CUES = """
[nothing]
nein danke
danke für nichts
keine frage
dank der/des/dem
kein problem

[question, certain]
weiß/weiss jemand
kennt jemand
hat jemand
kann/könnte mir/jemand
wo ist/bleibt/sind mein/meine/die/das
wann kommt/kommen/wird/ist
könnt/können/könntet/könnten ihr/sie mir
ich frage mich
habe eine frage
hab eine frage

[question, likely]
^wie
^wo
^wann
^warum
^wieso
^weshalb
^wer ist/hat/kann/kennt/weiß
^was ist/kostet/kann/mache/passiert/soll
^welche/welcher/welches
^gibt es
^gibts
^kann/darf/muss/soll ich/man/ich's
^habt ihr
^haben sie
^ist das/es/der/die
brauche hilfe
hilfe bei/mit
möchte/würde/will gerne/gern/nur wissen
wissen ob/wie/wann/wo/warum
sagt/sagen mir bescheid

[thanks, certain]
danke
dankeschön
vielen dank
herzlichen dank
besten dank
bedanke mich
dankbar

[praise, certain, negated: complaint]
sehr/super/total/mega/absolut/echt/so zufrieden/gut/begeistert/schön/nett/lecker/toll
begeistert von
tolle/tolles/toller/super/klasse/großartige/großartiger service/produkt/arbeit/team/app/qualität
liebe mein/meine/dieses/diese/diesen/euer/eure
beste/bester/bestes * überhaupt
gut gemacht
gute arbeit
top qualität

[praise, likely, negated: complaint]
begeistert
großartig
klasse
spitze
genial
fantastisch
hervorragend
wunderbar
wunderschön
toll
perfekt
zufrieden
ausgezeichnet
liebe es
geil
gefällt mir
läuft super/top/prima

[recommendation, certain, negated: complaint]
kann/können ich/wir/es/das/sie/ihn/nur wärmstens/nur/sehr/weiter empfehlen
nur/sehr/absolut/wärmstens/klar zu/empfehlen
klare/klarer/absolute/volle empfehlung/kaufempfehlung
empfehle ich/es/sie/das weiter/jedem/allen
sehr zu empfehlen

[recommendation, likely, negated: complaint]
empfehlenswert
empfehle
weiterempfehlen
weiterempfehlung
kaufempfehlung

[complaint, certain]
funktioniert/geht/läuft/klappt nicht
funktioniert/geht/läuft/klappt * * nicht
funktioniert/geht/läuft * nicht
geht nicht mehr
immer noch nicht/nichts/keine/kein
noch immer nicht/keine/kein
warte/warten seit/noch/immer
nie wieder
nicht angekommen/geliefert/erhalten
kommt/kam nicht
geld zurück
keine antwort/rückmeldung/reaktion
schlechter/schlechte service/qualität/support/kundenservice/kundendienst
schlechtes/miserabler/mieser service/qualität/support/kundenservice/kundendienst
nicht zu empfehlen
nicht zufrieden
unverschämtheit
eine frechheit

[complaint, likely, negated: nothing]
kaputt
defekt
beschädigt
enttäuscht
enttäuschend
enttäuschung
unbrauchbar
schrott
müll
katastrophe
frechheit
unverschämt
mangelhaft
furchtbar
schrecklich
ärgerlich
reklamation
reklamieren
beschweren
beschwerde
abzocke
betrug
stürzt ab
erstattung
geht gar nicht
zu teuer/spät/langsam
nervt

[suggestion, certain]
wäre schön/toll/super/gut/cool/klasse/nett wenn
ihr solltet/könntet
sie sollten/könnten
mein vorschlag
verbesserungsvorschlag
ich wünsche/wünschte mir
würde mir wünschen
könntet ihr * einbauen/anbieten/hinzufügen
bitte fügt/baut/bringt/macht

[purchase, certain]
wo kann/kriegt/bekommt ich/man
wo gibt es/gibt's
möchte/will/würde * kaufen/bestellen
überlege mir/ob/zu
was kostet/kosten
wie teuer
wann wieder lieferbar/verfügbar
liefert/versendet ihr nach/auch

[churn, certain]
kündige
gekündigt
kündigen
kündigung
wechsle zu/zur/den
gewechselt zu
nie wieder bestellen/kaufen/bestelle/kaufe
bestelle/kaufe nie wieder/mehr
letzte bestellung
letztes mal
account/konto/abo löschen/kündigen
als kunden verloren

[spam, certain]
von zuhause geld verdienen
jetzt klicken
gratis follower
schnell geld verdienen
"""
