"""The Portuguese of the demo's people, and of its teammates."""

LINES = """
[title]
A minha encomenda
Uma pergunta
O meu Wren
A chaleira
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
no comboio da noite
na carrinha
no escritório
num parque de campismo no Gerês
num hotel sem chávenas
em casa da minha irmã
[part]
tampa
base
pega
dobradiça
[pain]
a {part} do meu {p} partiu ao fim de duas semanas
o meu {kettle} não funciona desde ontem
o meu {p} chegou com a {part} partida
o {kettle} pinga pela {part}
cobraram duas vezes o mesmo {p}
[demand]
E agora?
Estou muito desiludida.
Quero o meu dinheiro de volta.
Era um presente, ainda por cima.
Viajo na sexta, é urgente.
Podem mandar outra {part}?
[complaint]
Olá, {pain}. {demand}
{pain}. {demand}
Que pena, {pain}. É um {brand}. {demand}
[latefact]
a minha encomenda está parada há dias
ainda estou à espera do meu {p}
os estafetas estão em greve e ninguém avisa
[late]
{latefact}. Onde está a minha encomenda?
Olá {brand}, {latefact}. Quando chega?
{latefact}. Partimos no sábado.
[ask]
posso levar o {kettle} na bagagem de mão
o {kettle} funciona com 110 volts
como tiro o calcário do {kettle}
que filtros servem no Nest
a {part} vai à máquina de lavar
quanto tempo dura a garantia
[question]
Olá, {ask}?
Uma pergunta: {ask}?
{ask}? É um {brand} {p}. Obrigado!
Olá, estou {place}: {ask}?
[joy]
a melhor coisa da minha mochila
rápido, silencioso e bonito
salvou uma manhã cinzenta {place}
como no primeiro dia
finalmente o chá sabe a chá {place}
[more]
Obrigada!
Adoro.
Continuem assim.
Parabéns.
[praise]
O meu {brand} {p}: {joy}. {more}
Adoro o meu {brand} {kettle}, {joy}. {more}
[recommend]
Recomendo o {brand} {p} a toda a gente, {joy}.
Recomendo muito o {brand} {kettle}: {joy}. {more}
[purchase]
Olá, onde posso comprar o {p}? Queria dois.
Quero comprar um {brand} {p}, enviam para o Brasil?
[suggestion]
Seria bom que a {part} do {brand} {kettle} saísse para limpar.
[joke]
O meu {brand} {kettle} já viu mais países do que o meu irmão.
[chatter]
{brand} {kettle} {place}.
Chuva, {place}, {brand} {p}.
Domingo {place} com o {brand} {kettle}.
[fellow]
Comigo foi igual, um pouco de vinagre resolveu.
Levo sempre o meu no avião.
Escreve-lhes, eles respondem mesmo.
[thanks]
Obrigada, ajudou muito!
Muito obrigado pela resposta rápida.
[second]
Outra coisa: {ask}?
Já tentei e continua igual. O que posso fazer?
[ours_complaint]
Olá {you}, peço desculpa. Hoje sai outra {part} da nossa oficina, não precisas de devolver nada.
Isso não devia acontecer, {you}. Dizes-me o número da encomenda?
[ours_late]
Peço desculpa, {you}. Há greve de estafetas na tua zona, hoje enviamos outro pelo correio.
[ours_praise]
Alegraste a nossa manhã, {you}. Obrigada!
[ours_purchase]
Com todo o gosto, {you}: na nossa loja, e enviamos em quatro dias. Para o Brasil são doze.
[ours_suggestion]
Boa ideia, {you}. Posso mostrá-la à equipa de desenho?
[ours_answer]
Que bom, {you}!
Sempre às ordens. Boa viagem, {you}.

[answer]
Podes, {you}. Só tem de ir vazia.
Lamento, {you}, precisa de 220 a 240 volts.
Meio limão e água quente durante a noite, {you}. Resulta sempre.
Qualquer um do tamanho dois, {you}.
É melhor não, {you}: água morna e um pano macio.
Três anos, {you}, e depois também falamos contigo.
"""
