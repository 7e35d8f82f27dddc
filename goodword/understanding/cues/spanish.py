"""What do people say in Spanish when they want something? Written as cues/__init__.py explains."""

CUES = """
[nothing]
no gracias
gracias por nada
gracias a
sin problema

[question, certain]
alguien sabe/conoce/ha/puede/me/tiene
dónde está/están mi/mis/el/la
cuándo llega/llegará/sale/estará
me pueden/podrían/puede/podéis
pueden/podrían/puede/podrías ayudarme/decirme/ayudar/explicar
me pregunto si
tengo una pregunta/duda
quisiera/quiero saber

[question, likely]
^cómo
^dónde
^cuándo
^cuánto/cuánta/cuántos
^por qué
^quién
^qué es/pasa/pasó/hago/puedo/significa/tal
^cuál/cuáles
^hay alguna/algún/alguien
^se puede
^puedo/puedes/tienen/hacen/tenéis
necesito ayuda/saber
ayuda con/para
no sé cómo/qué/si

[thanks, certain]
gracias
muchas gracias
mil gracias
se agradece
agradezco
agradecido/agradecida
les agradezco

[praise, certain, negated: complaint]
me encanta/encantó/encantan/fascina
muy/super/súper/tan/bien contento/contenta/satisfecho/satisfecha/bueno/buena/bien/bonito/rico
excelente/gran/buen/buena/increíble servicio/producto/atención/trabajo/calidad/equipo
el/la/lo mejor
buen trabajo
son los mejores

[praise, likely, negated: complaint]
excelente
increíble
maravilloso/maravillosa
fantástico/fantástica
genial
perfecto/perfecta
espectacular
buenísimo/buenísima
estupendo/estupenda
precioso/preciosa
felicidades
encantado/encantada

[recommendation, certain, negated: complaint]
lo/la/los/las recomiendo
muy/super/totalmente/altamente recomendable/recomendado/recomendada
recomiendo mucho/totalmente
recomiendo este/esta/a/el/la
deberían/tienen/tienes que probarlo/comprarlo/probar

[complaint, certain]
no funciona/funcionan/sirve/sirven/carga/llega/llegó/enciende/responden/contestan/abre
sigo/seguimos/llevo esperando
todavía/aún no
nunca más/llegó/responden/contestan
pésimo/pésima/mal/mala/malísima/terrible/horrible servicio/atención/calidad/producto/experiencia
devuelvan/devolver/devuélvanme mi/el dinero
quiero mi dinero
una vergüenza
se rompió/rompe
llegó roto/rota/dañado/dañada/tarde/mal
dejó de funcionar
me cobraron

[complaint, likely, negated: nothing]
roto/rota
dañado/dañada
defectuoso/defectuosa
decepcionado/decepcionada
decepción
decepcionante
estafa
basura
horrible
pésimo/pésima
inaceptable
vergüenza
reembolso
reclamo
reclamación
queja
fatal
una mierda
demasiado caro/lento/cara
engaño

[suggestion, certain]
sería bueno/genial/ideal/bonito/mejor/estupendo que/si
deberían/podrían agregar/añadir/poner/hacer/tener/ofrecer/incluir/mejorar
mi sugerencia
sugiero
ojalá
estaría bien/bueno/genial que/si
por favor agreguen/añadan/pongan

[purchase, certain]
dónde puedo/se/lo/la comprar/conseguir/puede/compro/consigo/venden
quiero/quisiera/voy/pienso a/comprar/comprarlo/comprarme/pedir
cuánto cuesta/vale/sale/es
hacen envíos a
envían a
tienen stock/disponible

[churn, certain]
cancelar/cancelé/cancelo/cancelando mi/la suscripción/cuenta/plan/contrato/membresía
me cambio/voy/paso a
no vuelvo a comprar/pedir
no volveré a comprar/pedir
nunca más compro/compraré/vuelvo
perdieron un cliente
última vez que
darme de baja
me doy de baja

[spam, certain]
gana dinero desde casa
haz clic aquí
sígueme y te sigo
seguidores gratis
"""
