"""What do people say in Portuguese when they want something? Written as cues/__init__.py explains."""

CUES = """
[nothing]
não obrigado/obrigada
obrigado/obrigada por nada
graças a
sem problema

[question, certain]
alguém sabe/conhece/pode/tem/já
cadê meu/minha/o/a
onde está/estão meu/minha/o/a
quando chega/vai/sai/será
vocês podem/têm/fazem/entregam
podem/pode/poderia me/ajudar
será que
tenho uma dúvida/pergunta
gostaria/queria/quero de/saber
eu me pergunto

[question, likely]
^como
^onde
^cadê
^quando
^quanto/quanta/quantos
^por que/quê
^porque não
^quem é/sabe/pode/tem
^o que é/aconteceu/faço/houve
^qual/quais
^tem como
^dá para/pra
^posso
preciso de ajuda
me ajuda/ajudem
ajuda com
não sei como/se/o
preciso saber

[thanks, certain]
obrigado
obrigada
muito obrigado/obrigada
obg
brigado/brigada
valeu
agradeço
grato/grata
agradecido/agradecida

[praise, certain, negated: complaint]
adorei
amei
eu amo
adoro
muito/super/tão/bem satisfeito/satisfeita/bom/boa/feliz/bonito/bonita/lindo/linda/gostoso
ótimo/ótima/excelente/bom/belo serviço/produto/atendimento/trabalho/qualidade
o/a melhor
de parabéns
nota 10
nota dez

[praise, likely, negated: complaint]
excelente
incrível
maravilhoso/maravilhosa
perfeito/perfeita
fantástico/fantástica
ótimo/ótima
sensacional
parabéns
lindo/linda
impecável
show de bola
top demais

[recommendation, certain, negated: complaint]
recomendo
super/muito/altamente recomendado/recomendo
vale a pena
indico
podem/pode comprar

[complaint, certain]
não funciona/funcionam/chega/chegou/liga/abre/presta/respondem/carrega/recebi
parou de funcionar
ainda não/estou
até agora nada/não
estou/tô esperando
nunca mais/chegou/respondem
péssimo/péssima/mau/ruim/horrível serviço/atendimento/qualidade/produto/experiência
meu dinheiro de/devolta
quero meu dinheiro
uma vergonha
chegou quebrado/quebrada/atrasado/danificado
veio quebrado/quebrada/errado/errada/com
descaso com

[complaint, likely, negated: nothing]
quebrado/quebrada
danificado/danificada
defeito
defeituoso/defeituosa
decepcionado/decepcionada
decepção
decepcionante
golpe
lixo
horrível
péssimo/péssima
inaceitável
vergonha
reembolso
estorno
reclamação
reclamar
descaso
absurdo
muito caro/lento/ruim
quebrou

[suggestion, certain]
seria bom/legal/ótimo/ideal/melhor/incrível se/que
vocês deveriam/podiam/poderiam
deveriam/poderiam adicionar/colocar/fazer/ter/oferecer/incluir
minha sugestão
sugiro
tomara que
por favor adicionem/coloquem

[purchase, certain]
onde posso/eu/compro/comprar/encontro/vende/consigo
onde posso comprar
quero/queria/vou/pretendo comprar/pedir/encomendar
quanto custa/é/fica/tá
entregam em/no/na
tem em estoque/stock

[churn, certain]
cancelar/cancelei/cancelo/cancelando minha/meu/a/o assinatura/conta/plano/contrato
vou mudar/trocar para/pra/de
nunca mais compro/comprarei/peço
não compro/comprarei/volto mais
perderam um/uma cliente
última vez que
excluir minha conta

[spam, certain]
ganhe dinheiro em/trabalhando
clique aqui
seguidores grátis
renda extra
"""
