//! Texts of General and of the kitchen.

use super::{Subject, group};

pub const GENERAL: Subject = Subject {
    things: &[
        "the long ladder",
        "the trolley",
        "the spare key",
        "the projector",
        "the hand pump",
        "the first-aid box",
        "the good kettle",
    ],
    places: &[
        "the slip",
        "the west quay",
        "the boathouse",
        "the upper room",
        "the gate",
        "the car park",
        "the old lighthouse",
    ],
    exchanges: &[
        group(
            &[
                "{Does anyone know|Any idea|Who knows} where {thing} is? {|It is not at {place}.}",
                "Has anybody seen {thing}{| since {day}}?",
            ],
            &[
                "{Try|Have a look} behind the door at {place}.",
                "It was {there|at {place}} on {day}, I am {fairly|almost} sure.",
                "{other} had it last, I think.",
                "{quote}Ask {other}, they {used|needed} it yesterday.",
                "Not me {this time|today} 😇",
                "I can look when I pass by at {time}.",
                "It is **always** in the {blue|tall|second} cupboard. Unless it is not.",
            ],
            &[
                "Found it{|, thank you all}!",
                "Thanks, {last}!",
                "Right where you said. Thank you 🙏",
                "Solved, thanks.",
            ],
        ),
        group(
            &[
                "{Quick question: is|Is} {place} open on {day}{| before {time}}?",
                "{When|Until when} is {place} open on {day}?",
            ],
            &[
                "From {time} on, as ever.",
                "See {link}, second paragraph.",
                "Only if {other} is there with the key.",
                "It says so on the door 😉",
                "On {day}? All day.",
            ],
            &["Thanks, {last}!", "Perfect, thank you.", "I *did* look at the door. Somebody has painted over it."],
        ),
        group(
            &[
                "Reminder: {harbour clean-up|open evening|members' meeting|safety briefing} on **{day} at {time}**, {meet at {place}|we begin at {place}}. {Bring gloves.|All welcome.|Tea afterwards.}",
                "We need {few} more people for {the clean-up|the open evening|the move} on {day}. It is {an hour|two hours} of work and there is cake.",
            ],
            &[
                "I will be there{| with two friends| after {time}}.",
                "Can we bring {children|the dog|a neighbour}?",
                "Thanks for organising, {opener}!",
                "I am away on {day}, sorry.",
                "Put me down{| for the second hour}.",
                "{few} of us are coming from the {rowing|sailing|kitchen} side.",
                "Is there parking near {place}?",
                "I will bring {a cake|gloves|coffee for everyone|my big drill}.",
            ],
            &[
                "Wonderful, that is enough hands.",
                "Thank you! See you on {day}.",
                "Updated the rota: {link}",
                "Of course, {last}.",
            ],
        ),
        group(
            &[
                "**{day}**: the {water|power} is turned off {from {time} for about an hour|all morning}{|, at {place} too}. {Please fill what you need before.|Sorry for the trouble.}",
                "A note from the harbour office:\n\n- visitors' berths are full until {day}\n- {place} is closed for painting\n- please bring back {thing}",
            ],
            &[
                "Thanks for telling us{| in time}.",
                "{quote}Does that include the showers?",
                "Shared it with the {neighbours|rowers|other pontoon}.",
                "What colour, by the way?",
                "{Again?|Already?} It was the same last month.",
                "Understood, I fill the kettles.",
            ],
            &["Yes, all of it.", "Thank you for your patience.", "White, as ever."],
        ),
        group(
            &[
                "The {photographs|pictures} of the {open day|launch|winter party} are up: {link}{| — thank you, {other}!}",
            ],
            &[
                "Lovely{|, all of them}!",
                "Number {number} goes on my wall.",
                "Could number {number} come down, please? 🙈",
                "Who is that in the yellow hat?",
                "May we use some of them for the newsletter?",
                "The one with the gull 😂",
            ],
            &["Of course you may.", "That is {other}!", "Done, {last}."],
        ),
        group(
            &[
                "There is a {seal|heron|very large crab} on the {pontoon|slip} again 🦭",
                "The swallows are back at {place}.",
                "{Porpoises|Two dolphins|A sunfish} off the point just now!",
            ],
            &[
                "😍",
                "Photo, please!",
                "I saw {it|them} too, from the ferry.",
                "{Every year|Each time} I am at work. Every. Time.",
                "Keep the dogs away, please.",
                "Best part of the week.",
            ],
            &["Photo follows tonight.", "You should have been there.", "Gone again. But it *was* there."],
        ),
        group(
            &[
                "Somebody left the lights on at {place}{|. Again}. 😅",
                "Whoever left the {door|window} open at {place}: the gulls say thank you.",
            ],
            &[
                "That was me, sorry. Will not happen again. (It will.)",
                "I switched off *everything* on {day}, I swear.",
                "Could we get one of those sensors? {link}",
                "I am close, I go and see to it.",
                "I bet on {other}.",
            ],
            &["All dark now. Good night.", "Seen to. Thank you, {last}!", "No names. But we know."],
        ),
        group(
            &[
                "Welcome to everyone who joined this {week|month}! Say hello, we do not bite.",
                "A warm welcome to our {few} new members 👋",
            ],
            &[
                "Hello from berth {number}!",
                "Hello everybody!",
                "Thank you! What a {kind|cheerful} place.",
                "Welcome! The kettle is always on.",
                "Ask anything, somebody knows. Mostly {other}.",
            ],
            &["See you at the {quay|clean-up|soup}!"],
        ),
        group(
            &[
                "{First|Another} swim {of the year|before breakfast} done. {Nine|Ten|Eleven} degrees. Would not recommend, will do it again.",
                "What a sunset from {place} just now.",
            ],
            &[
                "Brave.",
                "Mad.",
                "I come along next time. To hold the towel.",
                "Look at that!",
                "{Wish I had been there.|I was on the bus.}",
                "You missed {other} falling in, though.",
            ],
            &["{day}, {time}, whoever dares.", "😄"],
        ),
    ],
};

pub const KITCHEN: Subject = Subject {
    things: &[
        "the big pot",
        "the sharp knife",
        "the fish kettle",
        "the soup ladle",
        "the bread board",
        "the third tray",
    ],
    places: &["the pantry", "the cold store", "the serving hatch", "the herb shelf", "the drawer by the door"],
    exchanges: &[
        group(
            &[
                "Menu for {day}: {fish soup|lentil stew|leek and potato pie|couscous with seven vegetables|mussels}, {bread|flatbread|rye bread}, {apple cake|rice pudding|plums}. {|{many} people so far.}",
                "I cook on {day} for about {many}. What shall it be: {soup|curry|pie} or {stew|pancakes|a big salad}?",
            ],
            &[
                "Two {vegetarians|without fish} and one without nuts on our side.",
                "{Soup|Pie|The first}, always.",
                "I will bring {bread|herbs|plums} from the market.",
                "Is there something without milk?",
                "Please count me and the {few} from the morning crew.",
                "My mouth waters.",
                "{few} of us come late, keep us a plate?",
            ],
            &[
                "Good, that is settled then.",
                "{many} plates it is.",
                "Noted: no nuts, no milk for two.",
                "Of course, {last}.",
            ],
        ),
        group(
            &[
                "Who can {peel|chop|wash up|serve} on {day} from {time}? {few} people would do.",
                "I need {few} pairs of hands for {day}{|, {time}}.",
            ],
            &[
                "I can. I am *very* good at {peeling|stirring|tasting}.",
                "Me, straight from work.",
                "Not on {day}, but next time.",
                "Only if {other} brings the music.",
                "I bring a knife of my own.",
            ],
            &["You are angels.", "Enough hands, thank you!", "Music is arranged."],
        ),
        group(
            &[
                "Shopping for {day}:\n\n- onions, {few} kg\n- {lentils|chickpeas|rice}, {few} kg\n- butter\n- {lemons|apples}, {many}\n- **no** more courgettes, please",
            ],
            &[
                "I go on the way home.",
                "{few} kilos will not be enough for {many} people.",
                "There is still {rice|butter|oil} in {place}.",
                "I have courgettes! Oh.",
                "The receipt goes to {other}, as usual?",
            ],
            &["Bought. It is in {place}.", "Thanks, {last}, changed.", "As usual."],
        ),
        group(
            &[
                "{The coffee machine|The oven|The dishwasher} {blinks at me|says `E-{number}`|makes a noise like a gull}. What do I do?",
                "The {oven|dishwasher|coffee machine} will not start. {Help!|Any ideas?}",
            ],
            &[
                "Switch it off and on again, then hold the left button.",
                "`E-{number}` means the filter. It is behind the flap.",
                "The manual is here: {link}",
                "Leave it to {other}, they speak oven.",
                "Kick it, gently, low on the left.",
            ],
            &["It hums again.", "Thank you. Coffee for everyone ☕", "That did it, {last}!"],
        ),
        group(
            &[
                "Where does {thing} live? {I have looked in {place}.|It was not in its place.}",
                "Has anyone seen {thing}? {It was in {place} on {day}.|The soup waits.}",
            ],
            &[
                "Top shelf in {place}.",
                "Behind the flour.",
                "{other} lent it to the scouts.",
                "In the sink. Do not ask.",
                "It hangs on the hook that says “not here”.",
            ],
            &["Found, thank you.", "Of course it was.", "Thanks, {last}!"],
        ),
        group(
            &[
                "Recipe, as promised:\n\n1. soften {few} onions in butter, slowly\n2. add {leeks|fennel|carrots} and a litre of stock\n3. {twenty|thirty} minutes, then the fish\n4. {dill|parsley}, lemon, done\n\nEnough for six, or for {other}.",
            ],
            &[
                "Saved. Thank you!",
                "{quote}How long do you leave the onions?",
                "I would put {more lemon|a little saffron|twice the butter}.",
                "Tried it last night, the children asked for more 🎉",
                "My grandmother puts a spoon of vinegar in.",
            ],
            &["Until they are sweet. Half an hour, honestly.", "More butter is always right.", "I am glad!"],
        ),
        group(
            &[
                "There is {a whole tray of|half a pot of|far too much} {lasagne|soup|apple cake} left. First come, first served.",
                "Leftovers in {place}: {soup|rice|plum cake}, {few} portions.",
            ],
            &[
                "On my way with a box.",
                "Is it still there at {time}?",
                "You cannot post this before lunch.",
                "Two for me, please 🙏",
                "Leave one for {other}.",
            ],
            &["All gone!", "One left.", "{last} was quicker."],
        ),
    ],
};
