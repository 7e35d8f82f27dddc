"""The German of the demo's people, and of its teammates."""

LINES = """
[title]
Meine Bestellung
Eine Frage
Mein Wren
Wasserkessel
Kurze Nachricht
[brand]
Steamwren
Steamwren
#steamwren
[p]
Wren One
Wren Fold
Nest
Perch
[kettle]
Wren One
Wren Fold
[place]
im Nachtzug nach Wien
auf der Hütte über Garmisch
im Büro
auf dem Campingplatz an der Müritz
im Wohnmobil
in einem Hotel ohne Tassen
bei meiner Schwester in Köln
auf der Fähre nach Rügen
[part]
Deckel
Griff
Boden
Ausguss
Schalter
Silikonring
[pain]
der {part} von meinem {p} ist nach zwei Wochen kaputt
mein {kettle} geht nicht mehr an
mein {p} kam mit einem Riss am {part} an
der {kettle} tropft am {part}
ich habe zweimal bezahlt und nur einen {p} bekommen
der {kettle} riecht verbrannt, {place} besonders schön
[demand]
Was nun?
Ich bin wirklich enttäuscht.
Ich hätte gern mein Geld zurück.
Bitte kümmert euch darum.
Das war ein Geschenk, leider.
Bekomme ich einen neuen {part}?
Am Freitag fahre ich los, es eilt.
[complaint]
Hallo, {pain}. {demand}
{pain}. {demand}
Schade: {pain}. {demand}
Mein {brand} Kessel macht Kummer, {pain}. {demand}
[latefact]
mein Paket liegt seit Tagen im Depot
ich warte immer noch auf meinen {p}
der Paketdienst streikt und niemand sagt etwas
mein {kettle} ist nie angekommen
[lateask]
Wo bleibt meine Bestellung?
Wann kommt das an?
Wir fahren am Samstag.
Ein Satz von euch wäre nett gewesen.
[late]
{latefact}. {lateask}
Hallo {brand}, {latefact}. {lateask}
So ein Ärger, {latefact}. {lateask}
[ask]
darf der {kettle} ins Handgepäck
läuft der {kettle} auch mit 110 Volt
kann der {part} in die Spülmaschine
gibt es den {part} als Ersatzteil
welche Filter passen in den Nest
schaltet sich der {kettle} von selbst ab
wie bekomme ich Kalk aus dem {kettle}
wie lange gilt die Garantie
[hello]
Hallo,
Kurze Frage:
Moin,
Guten Morgen,
Eine Frage an die Kesselleute:
[question]
{hello} {ask}?
{hello} {ask}? Danke schon mal!
{hello} {ask}? Ich bin gerade {place}.
{hello} {ask}? Es geht um den {brand} {p}.
[joy]
leise, schnell, und er sieht nicht aus wie Spielzeug
das Beste in meinem Rucksack
hat mir einen grauen Morgen {place} gerettet
noch so gut wie am ersten Tag
endlich schmeckt der Tee {place} nach Tee
so schön gemacht
[more]
Danke dafür!
Weiter so.
Große Klasse.
Ich bin begeistert.
Jeden Cent wert.
[praise]
Mein {brand} {p}: {joy}. {more}
{brand} {kettle}, {joy}. {more}
Ich liebe meinen {brand} {kettle}, {joy}. {more}
[recommend]
Kann den {brand} {p} sehr empfehlen, {joy}. {more}
Klare Empfehlung für den {brand} {kettle}: {joy}.
[purchase]
{hello} wann ist der {p} wieder lieferbar? Ich würde zwei nehmen.
{hello} ich möchte einen {brand} {p} kaufen, liefert ihr nach Österreich?
{hello} wo kann ich den {p} bestellen? Es wird ein Geschenk.
[suggestion]
Es wäre schön, wenn der {part} vom {kettle} abnehmbar wäre. Mein {brand} ist sonst perfekt.
Vorschlag für den nächsten {brand} {kettle}: ein längeres Kabel, {place} fehlte ein halber Meter.
[joke]
Mein {brand} {kettle} hat mehr Länder gesehen als mein Bruder.
Tag vier {place}. Der {brand} {kettle} und ich reden nicht mehr.
[chatter]
{brand} {kettle} {place}.
Regen, {place}, {brand} {p}.
Gesehen {place}: ein {brand} {p} in Moosgrün.
Packliste: Socken, Lampe, {brand} {kettle}.
Sonntag {place}, der {brand} {kettle} läuft.
[fellow]
Bei mir genauso, ein Schuss Essig hat geholfen.
Ja, nehme ich immer mit in den Flieger.
Schreib ihnen, die antworten wirklich.
Meiner ist zwei Jahre alt und läuft.
Den {part} ein wenig nach links drehen, dann drücken.
[thanks]
Danke, das hat geholfen!
Vielen Dank für die schnelle Antwort.
Super, danke euch.
[second]
Und noch etwas: {ask}?
Das habe ich versucht, hilft nicht. Was kann ich noch tun?
[ours_complaint]
Hallo {you}, das tut mir leid. Ein neuer {part} geht heute aus der Werkstatt, zurückschicken musst du nichts.
Das darf nicht sein, {you}. Sagst du mir die Bestellnummer? Ich kümmere mich selbst darum.
Entschuldige, {you}! Möchtest du lieber einen neuen oder dein Geld zurück?
[ours_late]
Tut mir leid, {you}. Der Paketdienst streikt bei euch, wir schicken heute ein zweites mit der Post.
Du hast recht, das hätten wir früher sagen sollen. Morgen früh geht es aus dem Depot.
[ours_praise]
Das hat uns den Morgen gerettet, {you}. Danke!
Ich habe es in der Werkstatt vorgelesen. Wohin geht die nächste Reise?
[ours_purchase]
Sehr gern, {you}: bei uns im Laden auf der Seite, ab Dienstag ist alles wieder da. Wir liefern in ganz Europa.
[ours_suggestion]
Gute Idee, {you}. Darf ich sie unseren Gestaltern zeigen?
[ours_answer]
Das freut mich, {you}!
Gern. Gute Reise, {you}.

[answer]
Darf er, {you}. Nur leer muss er sein.
Leider nicht, {you}, er braucht 220 bis 240 Volt.
Lieber nicht, {you}: warmes Wasser und ein weiches Tuch, dann hält er Jahre.
Gibt es, {you}. Soll ich dir einen in den Umschlag stecken?
Jeder Filter Größe zwei, {you}.
Ja, {you}, vier Sekunden nach dem Kochen.
Eine halbe Zitrone, heißes Wasser, über Nacht stehen lassen, {you}. Klappt immer.
Drei Jahre, {you}, und danach reden wir auch noch mit dir.
"""
