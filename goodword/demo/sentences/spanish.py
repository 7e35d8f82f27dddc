"""The Spanish of the demo's people, and of its teammates."""

LINES = """
[title]
Mi pedido
Una pregunta
Mi Wren
El hervidor
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
en un hostal de Granada
en la furgoneta
en la oficina
en un camping cerca de Jaca
en el tren nocturno
en casa de mi hermana
[part]
tapa
base
bisagra
asa
[pain]
la {part} de mi {p} se ha roto a las dos semanas
mi {kettle} no funciona desde ayer
mi {p} llegó con la {part} rota
el {kettle} gotea por la {part}
me habéis cobrado dos veces el mismo {p}
[demand]
¿Y ahora qué?
Estoy muy decepcionada.
Quiero que me devolváis el dinero.
Era un regalo, además.
El viernes salgo de viaje.
¿Me mandáis otra {part}?
[complaint]
Hola, {pain}. {demand}
{pain}. {demand}
Qué pena, {pain}. Es un {brand}. {demand}
[latefact]
mi paquete lleva días en el almacén
sigo esperando mi {p}
los repartidores están de huelga y nadie avisa
[late]
{latefact}. ¿Dónde está mi pedido?
Hola {brand}, {latefact}. ¿Cuándo llega?
{latefact}. Nos vamos el sábado.
[ask]
se puede llevar el {kettle} en el equipaje de mano
funciona el {kettle} con 110 voltios
la {part} se puede meter en el lavavajillas
cómo quito la cal del {kettle}
cuánto dura la garantía
qué filtros le van al Nest
[question]
Hola, ¿{ask}?
Buenas, una pregunta: ¿{ask}?
¿{ask}? Es un {brand} {p}. ¡Gracias!
Hola, estoy {place}: ¿{ask}?
[joy]
lo mejor de mi mochila
rápido, silencioso y bonito
me salvó una mañana gris {place}
como el primer día
por fin el té sabe a té {place}
[more]
¡Gracias!
Me encanta.
Seguid así.
Vale cada euro.
[praise]
Mi {brand} {p}: {joy}. {more}
Me encanta el {brand} {kettle}, {joy}. {more}
[recommend]
Recomiendo el {brand} {p} a todo el mundo, {joy}.
Muy recomendable el {brand} {kettle}: {joy}. {more}
[purchase]
Hola, ¿dónde puedo comprar el {p}? Quiero dos.
Quiero comprar un {brand} {p}, ¿enviáis a Canarias?
[suggestion]
Estaría bien que la {part} del {brand} {kettle} se pudiera quitar para limpiarla.
[joke]
Mi {brand} {kettle} ha visto más países que mi hermano.
Aduana: abren la maleta, ven el {brand} {kettle} y piden leche.
[chatter]
{brand} {kettle} {place}.
Lluvia, {place}, {brand} {p}.
Domingo {place} con el {brand} {kettle}.
Hoy he visto un {brand} {p} {place}.
[fellow]
A mí me pasó lo mismo, un poco de vinagre y listo.
Yo siempre lo llevo en el avión.
Escríbeles, contestan de verdad.
Es la {part}. Siempre es la {part}.
[thanks]
¡Gracias, me ha servido!
Muchas gracias por contestar tan rápido.
[second]
Otra cosa: ¿{ask}?
Lo he probado y sigue igual. ¿Qué más puedo hacer?
[ours_complaint]
Hola {you}, lo siento mucho. Hoy sale otra {part} de nuestro taller, no hace falta que devuelvas nada.
Eso no debería pasar, {you}. ¿Me dices el número de pedido?
[ours_late]
Lo siento, {you}. Hay huelga de repartidores en tu zona, hoy mandamos otro por correo.
[ours_praise]
Nos has alegrado la mañana, {you}. ¡Gracias!
[ours_purchase]
Con mucho gusto, {you}: en nuestra tienda, y lo enviamos a toda España en tres días.
[ours_suggestion]
Buena idea, {you}. ¿Puedo enseñársela al equipo de diseño?
[ours_answer]
¡Me alegro, {you}!
Cuando quieras. Buen viaje, {you}.

[answer]
Sí, {you}. Solo tiene que ir vacío.
Lo siento, {you}, necesita entre 220 y 240 voltios.
Mejor que no, {you}: agua templada y un paño suave.
Medio limón y agua caliente toda la noche, {you}. Nunca falla.
Tres años, {you}, y después también se puede hablar con nosotros.
Cualquiera del número dos, {you}.
"""
