"""What do people say in English when they want something? Written as cues/__init__.py explains."""

CUES = """
[nothing]
can't/cannot wait to go/come/use/try/get/see
won't/never be disappointed
can't/cannot say enough good/great things
can't/cannot beat it
can't/cannot help but
no thanks
no thank you
thanks but no thanks
thanks for nothing
thanks to
no question
can't/cannot recommend it/this/them/these/you/him/her enough
can not recommend * enough
can't/cannot recommend * * enough
can't/cannot recommend * * highly enough
can't/cannot recommend * highly enough
can/could/would/does/do anyone/anybody/someone/you/y'all/people recommend
don't/dont forget to follow
no problem
no problems
no wonder
no complaints
nothing to complain
not bad
can't/cannot complain
can't/cannot wait
love to know
love to hear
would love
would like

[question, certain]
does/do/did anyone/anybody/someone/somebody know
do/does any of you know
anyone/anybody know
anyone/anybody else
where is/are/was my
where's/wheres my
when will/is/does my
when will i
what happened to my
how do/can/could/should/does i/we/you/one
can/could/would/does/do anyone/anybody/someone/you recommend
can/could/would anyone/anybody/someone/somebody
is there a/any/anyone/anything/way
any idea/ideas/tips/news on/for/about/how/why/when/if
any update/updates/advice/suggestions/recommendations on/for/about/how/why/when/if
i/i'm wondering if/whether/how/why
i/just wonder if/how/why
i have a question
quick question
i would like/love to know
i'd like/love to know
do you know
could/can you tell/explain/help/please

[question, likely]
^help
help using/with/on/me/us/to/please
please help/cancel/fix/check/tell/explain/delete/remove/send/resolve/correct/confirm
i/we need urgent/immediate help
i/we need help/assistance
i'd/would like help
need an/your answer/advice/opinion/opinions
^who is/are/was/does/can/do/has/made/makes
^what is/are/was/does/do/did/if/about/can/time/kind/should/happens
^what's/whats the
^when is/are/does/do/did/will/can
^where is/are/do/does/can/did/should/was
^where's/who's/how's
^why is/are/do/does/did/can't/won't/isn't/doesn't/not/would/was/has/have/am
^how is/are/do/does/did/can/to/much/many/long/come/about/often/far/should/would/will/would
^which one/is/are/of/do/should/would
^can/could/may/should i/we/you/it/this/they
^is/are/was it/this/that/there/your/you/they/my/the
^do/does/did you/i/it/this/they/we/your/the/my
^have/has you/it/anyone/anybody/this/the/my
^will/would you/it/this/i/there/they/my
^am i
^anyone/anybody
help me/with/needed
need/needing/want/require some/your help
need/want/require help/assistance/support
don't/dont/not/didn't know/understand how/where/what/why/if/when
i want/need/have to know/see/check/find/ask
tell me
let me know
show me
explain
wanna/trying/like/want/need/have to know/check/find/learn/ask/see
looking for help/advice/information/info
not sure how/what/why/if/where
no idea how/what/why/where/when
can't/cannot figure/find out
how i can/could/should
how to
assistance/help to/with/in
a question about/for
please help/advise

[thanks, certain]
thank/thanks/thanx/thx/ty you/u/so/for/a/very/everyone/everybody/all/guys
thank you
thanks
thx
tysm
much appreciated
really/greatly/so/i/we/highly appreciate
so grateful
grateful for/to
kudos
shout out to
shoutout to
hats off

[thanks, likely]
appreciate it/you/the/this/that/your
thankful
cheers for
tysm
bless you

[praise, certain, negated: complaint]
can't/cannot say enough good/great things
can't/cannot beat it
very/so/super/really friendly/tasty/comfortable/sturdy
love/adore/loving my/this/these/it/them/your/the/you/how/their
well done
great/awesome/amazing/excellent job/work/service/product/products
fantastic/outstanding/brilliant/good/nice job/work/service/product/products
great/awesome/amazing/excellent stuff/app/team/support/experience
fantastic/outstanding/brilliant/good/nice stuff/app/team/support/experience
best * ever
best * i've/ive/we've
best * i/we have
i've/we've ever had/owned/used/bought/seen/tried
the best
so happy with
very/really/so/super/extremely happy/pleased/satisfied/impressed with
exceeded my expectations
top notch
game changer
works perfectly/great/wonderfully/flawlessly/like a charm
big fan
five stars
5 stars
hats off
keep it up

[praise, likely, negated: complaint]
can't/cannot wait to go/come/use/try/get/see
won't/never be disappointed
rocks
friendly
tasty
sturdy
comfortable
easy to use
recommend
pleased with
impressive
enjoyable
happy with
good quality
love
loved
amazing
awesome
fantastic
excellent
brilliant
wonderful
superb
perfect
outstanding
impressed
delighted
gorgeous
stunning
beautiful
delicious
incredible
congratulations
congrats
kudos
thank/thanks you/so
so good/cool/cute/pretty/helpful
very/really/pretty good/nice/helpful/cool
great
lovely
very/really happy
good one/job/work/point/choice
nice
reliable
adorable
legend
favorite
favourite

[praise, hint, negated: complaint]
good
cool
nice
happy
glad
pleased
like/likes/liked it/this/the/how/your
cute
fun
works/worked well
well made
helpful
solid
worth it
proud
talented
respect
admire
enjoy
enjoyed

[recommendation, certain, negated: complaint]
recommend this/it/them/these/to/the/him/her/that/getting/you/your
highly/strongly/definitely/totally/would/can/really/fully/thoroughly/absolutely recommend
recommended to/by/for
highly recommended
a must have/buy
must have
must buy
go buy/get it/one/this/these
you/everyone/everybody should/needs/must try/buy/get/have
worth every penny/cent
do yourself a favor/favour
you won't regret

[recommendation, likely, negated: nothing]
recommend
must visit/see/watch/read
can't/cannot recommend * enough
can't/cannot recommend * * enough
can't/cannot recommend * highly enough
give it/them/this a try/go
try it/them/this
worth the money/price/it
check it/them/these out
get one/yours
told all my/everyone

[complaint, certain]
did not make/authorize/authorise/approve/receive/get/work
didn't make/authorize/authorise/approve/receive/get
file/lodge/make/filing/lodging/making/submit a claim/complaint/reclamation
won't/wont/wouldn't let me
not able to
unable to
can't/cannot/couldn't get * to work
will not/never be/go/eat/shop back/again/there/here
stopped working
not working/responding/loading/charging/delivered/received
does/did/do/will/has/have not work/arrive/arrived/load/charge/fit/help/turn/receive/received
doesn't/doesnt/didn't/didnt/don't work/arrive/arrived/load/charge/fit/working/turn/received
won't/wont/hasn't/haven't/isn't work/arrive/arrived/load/charge/fit/working/turn/received
still/been/am waiting for/on/to
still waiting
still not
still no/haven't/hasn't
still don't/doesn't
never arrived/received/came/worked/replied/got
worst * ever
the worst
waste of money/time
rip off
ripoff
ripped off
no response/reply/answer from
terrible/horrible/awful/poor service/support/quality/experience/product/company/customer
bad/worst/lousy/shitty/pathetic service/support/quality/experience/product/company/customer
very/so/really/extremely/deeply disappointed/disappointing/frustrated/frustrating
very/so/really/extremely/deeply unhappy/upset/angry/poor/bad
not acceptable
unacceptable
never again
file/make/lodge/submit/filing/making a complaint
complaint about/against
charged me/us twice
charged twice
overcharged
want/need/demand/get my money back
money back
fell/falls/falling apart
broke/died/failed/stopped after
hung up on me
fed up with
sick of
tired of

[complaint, certain, negated: nothing]
arrived/came/was/is/got/are/were broken/damaged/cracked/defective/faulty/late/spoiled/missing

[complaint, likely, negated: nothing]
can't/cannot/couldn't get/use/access/find/open/login/log/see/pay/make/do/complete/connect/change/upload/hear
was/is/been/got/being/were declined/refused/rejected/charged/blocked/stolen/wrong/incorrect/denied
error message/messages
something is/went wrong
don't/dont/doesn't/didn't/not recognize/recognise
don't waste/bother/buy
doesn't/didn't/won't hold/do/stay/last/match/support
extra/hidden/weird/strange/unexpected fee/fees/charge/charges
going downhill
waste of
stinks
mediocre
bland
overrated
underwhelming
lame
poorly made/written/designed
slow service
unfortunately
two/2 thumbs down
dirty
inedible
boring
stay away
let down
letdown
infuriating
horrendous
lost customer
broken
broke
damaged
defective
faulty
useless
garbage
rubbish
junk
trash
crap
disappointed
disappointing
disappointment
frustrating
frustrated
terrible
horrible
awful
ridiculous
pathetic
worst
disgusting
annoying
crashes
crashed
crashing
keeps crashing/freezing/failing
overpriced
scam
scammed
lied
ignored
ignoring
rude
refund
hate/hated it/this/the/your/my
sucks
sucked
poor quality
poorly
too slow/expensive/loud/hot/small/heavy
cheaply made
lost my order/parcel/package
delayed
wrong size/item/order
missing from/parts
down again
fail
failed
failure
shame on
not happy
not pleased/satisfied/impressed
no longer works
wouldn't/would not recommend
do not/don't/dont buy/waste/bother
avoid
regret
mess
declined
a problem/issue with
having problems/issues/trouble
problem/problems/issue/issues/trouble with

[complaint, hint, negated: nothing]
late
slow
bug
buggy
problem
problems
issue
issues
error
wrong
bad
poor
unhappy
angry
upset
waiting for
hours
again
mad
ugly
cheap
weird
noisy
stuck
missing
lost

[suggestion, certain]
would be nice/great/cool/awesome/good/helpful/lovely/better/useful if/to
it'd be nice/great/cool/awesome/good if/to
feature request
please add/bring/make/consider/include/fix/support/allow/implement/offer
you/they should add/make/consider/offer/include/bring/have/do/try/allow/sell/let
could/can you add/bring/offer/include/make/implement/support
why not add/make/offer/have/let
suggestion for/to
my suggestion
i/we suggest/propose
i'd suggest
how about adding/making/offering/a/an
would love to see/have
would love an/a/it
wish you/it/they/there had/were/would/was/could
i/we wish

[suggestion, likely]
needs an/a/to/more/better
you/they guys should
should add/have/be/allow/support/offer/include
if only you/it/they
would prefer
an option to/for
the option/ability to
add support for/a/an
bring back
only thing missing
what if you
have you considered/thought
any plans to/for
any chance of
be even/much better

[purchase, certain]
where can/could/do/to i/we/one/you buy/get/order/purchase/find
where to buy/get/order/purchase
want/wanna/need/like/going to buy/order/purchase/preorder
gonna/ready/about/planning/hoping/looking to buy/order/purchase/preorder
thinking of/about buying/getting/ordering
considering buying/getting/a/the
take my money
saving up for
how much is/are/does/do/for/would
in stock
do/can you ship/deliver to
can i buy/order/purchase/get
is it/this/there available in/for/at
i'll buy/take/order

[purchase, likely]
looking for a/an/some/new
shopping for
need a/an new
which one should i
worth buying
worth the upgrade
on my wishlist
next purchase
add to cart
preorder
pre order
place an/my order
placing an order
should i buy/get
price of/for
discount on/for

[churn, certain]
cancel/cancelled my/our/the/this subscription/account/membership/plan
canceled/cancelling/canceling my/our/the/this subscription/account/membership/plan
cancel/cancelled/canceled/cancelling/canceling my/our/the/this contract/service/card/order
close/delete/end/terminate/closing my/our/the/this subscription/account/membership/plan
close/delete/end/terminate/closing my/our/the/this contract/service/card/order
switch/switched/switching/moving/moved/changing to another/a
switching to
switched to
never buy/buying/order/ordering/shop/shopping/use again/from/with/back/there/here/this/them/you
never using/fly/flying/come/coming/return/go/going again/from/with/back/there/here/this/them/you
done with you/them/this/these/your
lost a/another/me customer/as
lost me as a customer
taking/take my business/money elsewhere
going/go elsewhere
last time i/i'll/we
won't be back/buying/returning/ordering/renewing
will not be back/buying/returning/ordering/renewing/going
i'm leaving/out/switching
unsubscribe/unsubscribed/unsubscribing from/me
last order/purchase

[churn, likely]
never again
want/wanna/need/like/going to cancel
how do/can i cancel
thinking of/about leaving/switching/cancelling
uninstalled
uninstalling
goodbye
any alternatives/alternative to
alternative to
sending/send it back
avoid

[spam, certain]
follow for follow
follow 4 follow
f4f
like for like
buy followers
free followers
work from home and
earn/make * from home
earn money online
click/tap the link below
click here
double your money/bitcoin
dm me/us to invest/earn/promote
dm for promo/promotion/collab
whatsapp me on/at
guaranteed profit/returns
crypto giveaway
send me a dm to
claim your free/prize
you have won
you won a
hot singles
promote it on
join our telegram
limited time offer
act now

[spam, likely]
link in bio/my
check out my/our
promo code
discount code
use code
airdrop
passive income
forex
onlyfans
we are/we're hiring
now hiring
apply now
subscribe to my
retweet to win
giveaway
"""
