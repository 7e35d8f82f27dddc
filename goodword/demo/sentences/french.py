"""The French of the demo's people, and of its teammates."""

LINES = """
[title]
Ma commande
Une question
Mon Wren
La bouilloire
[brand]
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
dans le train de nuit
au refuge au-dessus de Chamonix
au bureau
dans le fourgon
au camping près de Quimper
chez ma sœur à Lyon
[part]
charnière
base
poignée
bague en silicone
[pain]
la {part} de mon {p} a lâché au bout de deux semaines
mon {kettle} ne marche plus
mon {p} est arrivé avec la {part} cassée
le {kettle} fuit par la {part}
j'ai été débitée deux fois pour un seul {p}
[demand]
Que faire ?
Je suis très déçue.
Je voudrais être remboursé.
C'était un cadeau, en plus.
Je pars vendredi, c'est urgent.
Vous pouvez m'envoyer une autre {part} ?
[complaint]
Bonjour, {pain}. {demand}
{pain}. {demand}
Dommage, {pain}. C'est un {brand}. {demand}
[latefact]
mon colis est bloqué au dépôt depuis des jours
j'attends toujours mon {p}
les livreurs sont en grève et personne ne prévient
[late]
{latefact}. Où est ma commande ?
Bonjour {brand}, {latefact}. Quand est-ce que ça arrive ?
{latefact}. Nous partons samedi.
[ask]
est-ce que le {kettle} passe en bagage à main
est-ce que le {kettle} marche en 110 volts
comment enlever le calcaire du {kettle}
quels filtres vont avec le Nest
est-ce que la {part} va au lave-vaisselle
combien de temps dure la garantie
[question]
Bonjour, {ask} ?
Petite question : {ask} ?
{ask} ? C'est un {brand} {p}. Merci !
Bonjour, je suis {place} : {ask} ?
[joy]
le meilleur objet de mon sac
rapide, discret et joli
il a sauvé un matin gris {place}
comme au premier jour
enfin un thé qui a le goût de thé {place}
[more]
Merci à vous !
J'adore.
Continuez comme ça.
Bravo.
[praise]
Mon {brand} {p} : {joy}. {more}
J'adore mon {brand} {kettle}, {joy}. {more}
[recommend]
Je recommande le {brand} {p} à tout le monde, {joy}.
Le {brand} {kettle}, je le recommande vivement : {joy}. {more}
[purchase]
Bonjour, où acheter le {p} ? J'en prendrais deux.
Je voudrais commander un {brand} {p}, vous livrez en Belgique ?
[suggestion]
Ce serait bien que la {part} du {brand} {kettle} soit démontable pour le nettoyage.
[joke]
Mon {brand} {kettle} a vu plus de pays que mon frère.
La douane ouvre mon sac, voit le {brand} {kettle} et demande du lait.
[chatter]
{brand} {kettle} {place}.
Pluie, {place}, {brand} {p}.
Dimanche {place} avec le {brand} {kettle}.
Vu aujourd'hui {place} : un {brand} {p}.
[fellow]
Pareil chez moi, un peu de vinaigre et c'était réglé.
Je le prends toujours dans l'avion.
Écris-leur, ils répondent vraiment.
[thanks]
Merci, ça m'a aidé !
Merci beaucoup pour la réponse rapide.
[second]
Autre chose : {ask} ?
J'ai essayé, c'est pareil. Que puis-je faire d'autre ?
[ours_complaint]
Bonjour {you}, je suis désolée. Une nouvelle {part} part aujourd'hui de l'atelier, rien à renvoyer.
Cela ne devrait pas arriver, {you}. Vous me donnez le numéro de commande ?
[ours_late]
Désolée, {you}. Les livreurs sont en grève chez vous, un second colis part par la poste aujourd'hui.
[ours_praise]
Vous avez illuminé notre matinée, {you}. Merci !
[ours_purchase]
Avec plaisir, {you} : dans notre boutique, et nous livrons en trois jours, en Belgique aussi.
[ours_suggestion]
Bonne idée, {you}. Je peux la montrer à nos designers ?
[ours_answer]
Ravie de l'entendre, {you} !
Avec plaisir. Bon voyage, {you}.

[answer]
Oui, {you}. Il doit seulement être vide.
Désolée, {you}, il lui faut de 220 à 240 volts.
Un demi-citron et de l'eau chaude toute la nuit, {you}. Ça marche toujours.
Tous ceux de la taille deux, {you}.
Plutôt non, {you} : eau tiède et chiffon doux.
Trois ans, {you}, et après on se parle encore.
"""
