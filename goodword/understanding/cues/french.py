"""What do people say in French when they want something? Written as cues/__init__.py explains."""

CUES = """
[nothing]
non merci
merci pour rien
grâce à
pas de problème
pas mal

[question, certain]
est ce que
quelqu'un sait/connaît/a/peut/pourrait
où est/en/sont ma/mon/mes/la/le
quand arrive/sera/est
pouvez vous
pourriez vous
pouvez/pourriez vous m'aider/me
je me demande
j'ai une question
savez vous
sais tu
j'aimerais/je voudrais/veux savoir

[question, likely]
^comment
^où
^quand
^pourquoi
^combien
^qui est/sait/a/peut
^quel/quelle/quels/quelles
^que faire/faut
^qu'est
^y a t
^peut on
^puis je
^avez vous
besoin d'aide
aidez moi
aide pour
je ne sais pas
je sais pas comment/si
une question

[thanks, certain]
merci
merci beaucoup
mille mercis
grand merci
je vous remercie
remercie
reconnaissant/reconnaissante

[praise, certain, negated: complaint]
j'adore
j'aime beaucoup/trop
très/super/trop/vraiment content/contente/satisfait/satisfaite/bon/bonne/beau/belle/bien/sympa
excellent/super/bon/très service/produit/travail/accueil/boulot/équipe/qualité
le/la/les meilleur/meilleure/meilleurs
bien joué
bon travail
au top

[praise, likely, negated: complaint]
excellent/excellente
génial/géniale
parfait/parfaite
magnifique
formidable
incroyable
superbe
ravi/ravie
bravo
merveilleux/merveilleuse
impeccable
délicieux/délicieuse
fantastique

[recommendation, certain]
je recommande
je le/la/les/vous recommande/conseille
à recommander
recommande vivement/fortement
je conseille
foncez

[complaint, certain]
ne fonctionne/marche/fonctionnent/marchent pas/plus
marche/fonctionne pas/plus
toujours pas/rien/aucune
j'attends toujours/depuis
jamais reçu/arrivé/répondu
plus jamais
je ne recommande/conseille pas
je recommande/conseille pas
pas content/contente/satisfait/satisfaite
mauvais/mauvaise/très service/qualité/expérience/déçu/déçue
service client nul/catastrophique/inexistant
aucune réponse
une honte
est/sont cassé/cassée/cassés/morte/mort
en panne
arrivé/arrivée cassé/cassée/abîmé/abîmée
rembourser
remboursez moi
me faire rembourser

[complaint, likely, negated: nothing]
cassé/cassée
abîmé/abîmée
défectueux/défectueuse
déçu/déçue
décevant/décevante
déception
arnaque
nul/nulle
horrible
inacceptable
honte
honteux
catastrophe
catastrophique
remboursement
réclamation
inadmissible
pourri/pourrie
trop cher/lent/chère
marre

[suggestion, certain]
ce serait bien/bon/génial/cool/super/top de/si/que
ça serait bien/bon/génial/cool/super de/si/que
vous devriez/pourriez ajouter/faire/proposer/mettre/avoir
vous devriez
je suggère
ma suggestion
si seulement
dommage qu'il/que
il faudrait

[purchase, certain]
où acheter/trouver/commander
où puis je
où peut on
où est ce qu'on peut
je veux/voudrais/vais/souhaite acheter/commander/l'acheter/prendre
j'aimerais acheter/commander
combien coûte/coûtent/ça
livrez vous
en stock

[churn, certain]
résilier
résilie
résilié
résiliation
annuler/annule/annulé mon/l'abonnement/ma
me désabonner
je me désabonne
je change de/pour
passer/passe chez/à la
dernière fois que
perdu un/une client/cliente
n'achèterai/n'achète/ne commanderai plus
supprimer mon compte

[spam, certain]
gagner/gagnez de l'argent
cliquez ici
abonnés gratuits
"""
