"""The English of the demo's people, and of its teammates."""

LINES = """
[title]
About my order
A question
My Wren
Kettle
Quick one for you
From a customer
Wren One, second month
Fold or One
What I wanted to say
[brand]
Steamwren
Steamwren
Steamwren
#steamwren

[p]
Wren One
Wren Fold
Nest dripper
Perch grinder

[kettle]
Wren One
Wren Fold

[place]
a hostel in Bergen
a night train to Vienna
our van
a campsite near Brecon
my sister's flat
a hotel without a single cup
the office, where the big kettle is a crime scene
a lay-by on the A9
the hut above Chamonix
my desk
a ferry cabin
seat 14A, or at least next to it

[since]
for a year now
since March
for three months
since my birthday
for about two weeks
for five trips in a row
every single morning since autumn
since the old logo

[part]
lid
handle
base plate
hinge
silicone collar
spout
switch
little rubber foot

[colour]
moss green
chalk white
slate
rust red

[oh]
Ugh.
Right.
So.
Hm.
Well.
Okay, listen.
Not my day.
I never write these, but.
Sigh.

[pain]
the {part} on my {p} came loose after two weeks
my {p} arrived with a cracked {part}
the {kettle} stopped working in {place}
my {p} won't turn on any more
the {part} of the {kettle} is broken and nobody tells me where to get a new one
the {kettle} leaks from the {part}, right onto my notebook
there is a burnt smell from the {kettle}
I was charged twice for one {p}
I got the {p} in {colour}, I ordered {colour2}
the {kettle} takes nine minutes now, it used to take four
the Perch grinder is stuck again, and the crank is bent
the discount from your own letter is declined at the till

[colour2]
the other one
anything but that
slate
chalk white

[demand]
Please sort this out.
I'd like a new {part} or my money back.
What now?
Really disappointed.
That's not what I paid for.
I expected better from you.
How do I return it?
Not happy.
Third time I write, by the way.
I leave for a trip on Friday, so it's urgent.

[extra]
I liked it a lot before that.
Bought it for {place}.
It was a present, which makes it worse.
My old one lasted nine years.
Everyone here is back on instant.
I have pictures if you need them.
The box was fine, so it's not the post.
No drama, but still.

[complaint]
{oh} {pain}. {demand}
{pain}. {demand}
{pain}. {extra} {demand}
Hi, {pain}. {extra}
{oh} {pain}! {extra} {demand}
I've had my {brand} {kettle} {since}, and now {pain}. {demand}

[latefact]
my parcel sits in a depot since {day}
still waiting for my {p}, ordered ten days ago
the tracking page says "handed over" since {day} and nothing moves
the courier is on strike and nobody told me
my {kettle} never arrived
a week late now, my {p}
third delivery date in a row missed

[day]
Monday
Tuesday
Wednesday
Thursday
last week

[lateask]
Where is my order?
When will it come?
Can you send it with somebody who works this week?
We fly on Saturday.
I'd rather have my money back by now.
One sentence from you would have been nice.
Is there any news?
So disappointed.
You could at least say so on the website.

[late]
{oh} {latefact}. {lateask}
{latefact}. {lateask}
{brand}, {latefact}. {lateask}
{latefact}, and it was meant for {place}. {lateask}
Delivery is a mess: {latefact}. {lateask}

[ask]
can the {kettle} go in hand luggage
does the {kettle} work on 110 volts
is the {part} dishwasher safe
do you sell a spare {part} for the {p}
how do I get limescale out of the {kettle}
which filter papers fit the Nest dripper
does the {kettle} switch off by itself
how loud is the Perch grinder at six in the morning
is the {kettle} okay with milk in it
how many cups does the {kettle} make
can I run the {kettle} from a power station in {place}
what's the difference between the old and the new {part}
how long is the guarantee on the {p}
is the handle of the {kettle} the same as on the first version

[hello]
Hi there,
Hello,
Quick question:
Question for the kettle people:
Hey,
Sorry if this was asked before:
Before I ruin it:

[reason]
Asking from {place}.
I can't find it in the leaflet.
The leaflet is in a drawer I can't open.
We argue about it at home.
Two people told me two different things.
I'd hate to break it.
Thanks!
No hurry.
Leaving next week.

[question]
{hello} {ask}?
{hello} {ask}? {reason}
{ask}?
{ask}? {reason}
Does anyone know: {ask}? It's a {brand} {p}.
Had my {brand} {p} {since}. {ask}?

[joy]
best thing in my bag
the first thing I unpack
quiet, quick, and it doesn't look like a toy
still as good as on day one
saved a very grey morning in {place}
my favourite object, don't tell my husband
so well made, it's a joy to fold
boils before I find my socks
the tea finally tastes like tea in {place}
love how small it gets
made friends with half the campsite because of it

[more]
Well done, whoever made this.
Thank you for building things that last.
Great work.
Five stars, would give six.
Keep it up.
Made me smile.
That's all.
Worth every penny.
I'm a big fan now.
My colleagues are jealous.

[praise]
My {brand} {p}: {joy}. {more}
{p} {since}: {joy}.
I have to say it: the {p} is {joy2}. {more}
Took the {kettle} to {place}. {joy}. {more}
{brand} {p}, {joy}.
Love my {brand} {kettle}! {joy}. {more}

[joy2]
brilliant
lovely
a small wonder
the nicest thing I bought this year
perfect for {place}
really well thought out

[recommend]
If you travel and drink tea, get a {brand} {kettle}. {joy}. {more}
Told everyone in the office to get a {kettle}. {joy}.
People ask me what I take to {place}: a {brand} {p}. Highly recommended, {joy}.
You won't regret the {brand} {p}, {joy}.
I recommend the {kettle} to everyone with a small bag. {joy}.

[buy]
where can I buy the {p} in Ireland
is the {p} in stock again in {colour}
how much is shipping for a {p} to Denmark
do you ship to Canada
which one should I buy for {place}, the One or the Fold
can I order the {p} as a present, with a card
is there a set of {kettle} and Nest dripper

[purchase]
{hello} {buy}? Ready to order.
{buy}? I'd take two.
Thinking of buying a {p} for {place}. {buy}?
Want to buy a {brand} {p}, {buy}?

[wish]
please make the {kettle} in {colour}
would be great if the {part} came off for cleaning
you should offer a smaller {p} for one cup
would love to see a bag for the {p}
it would be nice if the cable of the {kettle} were a bit longer
please bring back the {colour} {p}
a light that says "done" would be nice to have

[suggestion]
Suggestion for the next {kettle}: {wish}. {because}
{wish}! {because}
Love my {p}, but {wish}. {because}
{brand} idea: {wish}.

[because]
My mornings would thank you.
We are at least three people who want that.
I'd buy it on the day.
Otherwise it's perfect.
Just a thought from {place}.
I even made a drawing.

[joke]
My {brand} {kettle} has seen more countries than my brother.
Day four in {place}. The {kettle} and I are not speaking, it boiled without me.
If you want to know who loves you, hide the {brand} {kettle} and wait.
Customs opened my bag, saw the {brand} {kettle} and asked for milk.
Relationship status: sharing one {brand} {kettle} in {place}.
The {brand} {kettle} whistles better than I do, and I had lessons.
Packed: one shirt, no trousers, two {brand} kettles.
My plants get the water from yesterday, I get the {brand} {kettle}. Priorities in {place}.
Therapist: and how does that make you feel? Me: *unfolds {brand} {kettle}*
I don't have a drinking problem, I have a {brand} {kettle} and {place}.
Asked for my emergency contact. Wrote down my {brand} {p}.
{place}: 1 socket, 6 people, 1 {brand} {kettle}. I am the mayor now.

[chatter]
{brand} {p} on the shelf next to the window in {place}.
Morning in {place}, {brand} {kettle} is on.
Rain, {place}, {brand} {p}. That kind of Sunday.
Saw a {brand} {kettle} on a table in {place} today.
Packing list for {place}: socks, torch, {brand} {kettle}.
The one with the {brand} {p} in {place}, that's my aunt.
{brand} {p} and a slice of cake, {place}.
My flatmate labelled her {brand} {kettle}. And the sugar.
Counted: the {brand} {kettle} boiled eleven times between here and {place}.
Somebody in {place} has the {brand} {p} in {colour}.
New week, {brand} {p}, {place}.
Train delayed, {brand} {kettle} out, carriage twelve has opinions.
{place}, six in the morning, {brand} {p}, nobody else awake.
First frost. {brand} {kettle}, two mugs, {place}.
Somebody drew a face on the {brand} {kettle} in {place}.
The {brand} {p} sits between a compass and a banana. That's my bag.
Grandad calls it the little steam bird. It's a {brand} {kettle}, Grandad.

[category]
Reading about every travel kettle there is before the trip to {place}.
A travel kettle, a map, {place}. Enough.
Packed a travel kettle for {place}, left the tent at home.
Third travel kettle in four years, this one from Boilbird.
A collapsible kettle next to a collapsible bucket: {place} in one picture.
Can anyone recommend a travel kettle for {place}?

[rival]
My Boilbird does the same as a {brand} {kettle}, only louder.
Boilbird or {brand}, the eternal talk in {place}.
Sold the Boilbird, kept the {brand} {kettle}.

[spam]
Earn money online while your {brand} kettle boils, click here https://win.example/a https://win.example/b https://win.example/c
Promo code for {brand} fans, limited time offer, click here https://deals.example/x
We grow your {brand} page: buy followers now, DM for promo https://grow.example
Crypto giveaway for {brand} lovers! Claim your free coins https://coin.example

[fellow]
Same here, mine did that too. A drop of vinegar helped.
Yes, I take mine on planes all the time.
No idea, but I'd write to them, they do answer.
Ha, {place}! Say hello from me.
Mine is two years old and fine.
I had that. Turn the {part} a bit to the left, then press.
Don't put it in the dishwasher. Ask me how I know.
Which colour is it? Mine is {colour}.
It's the {part}. It's always the {part}.
+1
You can get the {part} as a spare, ask them.
Where did you take this?
This made me laugh.
Vinegar, overnight. Then it's like new.
We have two of them, one for each of us. Peace at last.
Mine came on a Tuesday, three days after I ordered.
The Fold is smaller, the One is quicker. That's all there is to say.
They wrote back to me within the hour, give it a go.
Not mine, but my mother's does exactly that.
Try without the {part} first.
That picture made me homesick for {place}.
So you're the one with the {colour} one!
I'd keep the receipt.
Solid advice, thank you.
I had the same in {place}, it sorted itself out.
Never had that in two years, to be fair.

[thanks]
Thanks, that helped!
Thank you so much for the quick answer.
Great, thank you.
Thanks for sorting it out!
Perfect, thanks a lot.
That was fast, thank you!
Thank you {brand}, that was kind.
You're quick! Thanks.
Brilliant, thanks. Will try tonight.
Thanks a lot, all good now.
Thank you, I didn't expect that.
It arrived, thank you!
Thanks, I'll do that.

[second]
Okay, and {ask}?
One more thing: {ask}?
Tried that, still the same. What else can I do?
Thanks. Do you need a picture of the {part}?
And when will it be here?

[mixed]
{joy}. But {wish}.
{p}: solid, and {joy}. The {part} could be better, though.

[ours_complaint]
Hi {you}, I'm sorry about that. A new {part} leaves our workshop today, no need to send anything back.
That shouldn't happen, {you}. Could you tell me your order number? I'll see to it myself.
Sorry, {you}! We'll send you a new one, and please keep the old {part} for the recycling.
Oh no. I've passed it on to Imke in the workshop, she will write to you by tomorrow evening.
I'm sorry, {you}. I've just refunded it, it takes two or three days with most banks.
That's on us, {you}. Would you rather have a new one or your money back?

[ours_late]
I'm sorry, {you}. The courier is on strike in your area. We're sending a second one with the post today.
You're right, we should have told you sooner. It moves again from {day} on, I'll check it myself.
Sorry for the wait, {you}. I found your parcel, it leaves the depot tomorrow morning.
That's annoying, I know. If it isn't there by Friday you get your money back, whatever happens.


[ours_praise]
That made our morning, {you}. Thank you!
I've read this out in the workshop. There was tea on the floor afterwards.
Thank you, {you}! Where does it travel next?
How kind. We've pinned it to the wall next to the soldering irons.


[ours_suggestion]
We've talked about just that, {you}. It's on the wall for spring.
Good idea, {you}. May I show it to our designers?
Thank you! You're the fourth to ask, so it moves up the list.

[ours_answer]
Glad to hear it, {you}!
Any time. Have a good trip, {you}.
You're welcome. Just write if anything else comes up.
I'll look into it and come back to you this afternoon, {you}.

[note]
Spoke with the workshop: they know about the {part}, a new batch comes in on {day}.
Lives in the mountains, parcels take two days longer.
Prefers e-mail. Doesn't like phone calls.
Has two kettles from the first batch. Handle with care.
Helped three other people in the forum this month!
Refund went out, bank reference is in the shop.
Met her at the fair, very nice, plays the accordion.
Was told a wrong date last time. Please be exact.
Same {part} problem as the others from the June batch.

[promised]
a new {part} leaves the workshop
a second parcel is on its way
an answer from the workshop
the refund is in your account
a date for the {colour} {p}

[answer]
It can, {you}. Empty it first, and they'll wave you through.
Sorry, {you}, it needs 220 to 240 volts. We're working on one for the rest of the world.
Better not, {you}: warm water and a soft cloth, and it lasts for years.
We do, {you}. Shall I put one in an envelope for you?
Half a lemon and hot water, leave it overnight, rinse twice. Works every time, {you}.
Any number two paper, {you}, ours or the ones from your corner shop.
It does, {you}, four seconds after it boils.
About as loud as a train going by two streets away, {you}. Grind the evening before.
Please don't, {you}: milk burns at the bottom, and then so do I when I have to clean it.
Two big ones or three small ones, {you}.
If it gives 800 watts, yes. Most of the bigger ones do, {you}.
The new one has a second clip, {you}. It fits the old kettle as well.
Three years, {you}, and we're easy to talk to after that as well.
Same handle, {you}, same screws.

[sell]
Straight from us, {you}: Ireland takes four days.
They're back on Tuesday, {you}. I can put one aside if you like?
Six euros ninety to Denmark, {you}, nothing from sixty euros on.
We do, {you}: six to eight days, and the customs are paid by us.
For a small bag I'd take the Fold, for two cups the One.
Gladly, with a handwritten card. What should it say, {you}?
Not yet, {you}, but write "as a set" into the order and I'll take off the second postage.
"""
