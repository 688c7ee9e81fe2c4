//! Talk on land: everyone's room, the kitchen, the garden, what was lost.

use super::{Exchange, Subject};

pub const GENERAL: Subject = Subject {
    things: &[
        "the kettle",
        "the long table",
        "the notice board",
        "the spare key",
        "the projector",
        "the trolley",
        "the first-aid box",
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
        Exchange {
            often: 5,
            opens: &[
                "{Does anyone know|Any idea|Who knows} where {thing} is? {|It is not at {place}.}",
                "Has anybody seen {thing}{| since {day}}?",
                "Quick question: is {place} open on {day}{| before {time}}?",
                "Who has the key to {place}{| at the moment}?",
                "How do I get to {place} with a trailer{| that is far too long}?",
            ],
            answers: &[
                "Try behind the door at {place}.",
                "It was there on {day}, I am fairly sure.",
                "{other} had it last, I think.",
                "{quote}Ask {other}, they were there yesterday.",
                "See {link}, second paragraph.",
                "Not me this time 😇",
                "I can look when I pass by at {time}.",
                "It is **always** in the blue cupboard. Unless it is not.",
                "From {time} on, as ever.",
            ],
            closes: &[
                "Found it{|, thank you all}!",
                "Thanks, {other}!",
                "Right where you said. Thank you 🙏",
                "Solved, thanks.",
            ],
        },
        Exchange {
            often: 4,
            opens: &[
                "Reminder: {harbour clean-up|open evening|members' meeting|safety briefing} on **{day} at {time}**{|, meet at {place}}. {Bring gloves.|All welcome.|Tea afterwards.}",
                "**{day}**: the water is turned off between {time} and about an hour later{|, {place} included}. Please fill what you need before.",
                "The photographs of the open day are up: {link}{| — thank you, {other}!}",
                "A short note from the harbour office:\n\n- visitors' berths are full until {day}\n- {place} is closed for painting\n- please keep {thing} where it belongs",
                "We need {few} more people for {day}. It is {an hour|two hours} of work and there is cake.",
            ],
            answers: &[
                "I will be there{| with two friends}.",
                "Can we bring children?",
                "Thanks for organising, {opener}!",
                "I am away on {day}, sorry.",
                "Put me down{| for the second hour}.",
                "{few} of us are coming from the rowing side.",
                "Is there parking near {place}?",
                "Shared it with the neighbours.",
                "I will bring {a cake|the long ladder|coffee for everyone|my drill}.",
                "{quote}Does that include the showers?",
            ],
            closes: &[
                "Wonderful, that is enough hands.",
                "Yes, all of it.",
                "Thank you! See you on {day}.",
                "Updated the rota: {link}",
            ],
        },
        Exchange {
            often: 4,
            opens: &[
                "There is a seal on the pontoon again 🦭",
                "What a sunset from {place} just now.",
                "Somebody left the lights on at {place}{|. Again}. 😅",
                "Whoever {mended|cleaned|painted} {thing}: thank you!",
                "Welcome to everyone who joined this week! Say hello, we do not bite.",
                "First swim of the year done. {Nine|Ten|Eleven} degrees. Would not recommend, will do it again.",
                "The swallows are back at {place}.",
            ],
            answers: &[
                "😍",
                "Photo, please!",
                "Hello from berth {number}!",
                "Brave.",
                "That was me, sorry. Will not happen again. (It will.)",
                "I saw it too, from the ferry.",
                "Best part of the week.",
                "You missed {other} falling in, though.",
                "Ha! Every year the same.",
            ],
            closes: &["😂", "You should have been there.", "Photo follows tonight."],
        },
    ],
};

pub const KITCHEN: Subject = Subject {
    things: &[
        "the big pot",
        "the coffee machine",
        "the oven",
        "the dishwasher",
        "the sharp knife",
        "the fish kettle",
        "the soup ladle",
    ],
    places: &["the pantry", "the cold store", "the back door", "the serving hatch", "the herb shelf"],
    exchanges: &[
        Exchange {
            often: 4,
            opens: &[
                "Menu for {day}: {fish soup|lentil stew|leek and potato pie|couscous with seven vegetables|mussels}, {bread|flatbread|rye bread}, {apple cake|rice pudding|plums}. {|{many} people so far.}",
                "I cook on {day} for about {many}. What shall it be: {soup|curry|pie} or {stew|pancakes|a big salad}?",
                "Shopping for {day}:\n\n- onions, {few} kg\n- {lentils|chickpeas|rice}, {few} kg\n- butter\n- **no** more courgettes, please",
                "Who can {peel|chop|wash up|serve} on {day} from {time}? {few} people would do.",
            ],
            answers: &[
                "I can peel. I am *very* good at peeling.",
                "Two vegetarians and one without nuts on our side.",
                "Soup, always soup.",
                "I will bring bread from the market.",
                "Is there something without milk?",
                "{few} kilos will not be enough for {many} people.",
                "I can be there at {time}, straight from work.",
                "Do we still have rice in {place}?",
                "My grandmother puts a spoon of vinegar in. Try it.",
                "Please count me and the {few} from the morning crew.",
            ],
            closes: &[
                "Good, that is settled then.",
                "{many} plates it is.",
                "Noted: no nuts, no milk for two.",
                "You are angels.",
            ],
        },
        Exchange {
            often: 3,
            opens: &[
                "{The coffee machine|The oven|The dishwasher} {blinks at me|says `E-{number}`|makes a noise like a gull}. What do I do?",
                "Where does {thing} live? {I have looked in {place}.|It was not in its drawer.}",
                "Somebody put {thing} away wet. **Please** do not.",
                "The gas bottle is nearly empty. Who knows where the new one is?",
            ],
            answers: &[
                "Switch it off and on again, then hold the left button.",
                "`E-{number}` means the filter. It is behind the flap.",
                "Top shelf in {place}.",
                "Mea culpa. I was in a hurry.",
                "The manual is here: {link}",
                "I ordered a new one, it comes on {day}.",
                "Leave it to {other}, they speak oven.",
            ],
            closes: &["It hums again.", "Thank you. Coffee for everyone ☕", "That did it!"],
        },
        Exchange {
            often: 3,
            opens: &[
                "Recipe, as promised:\n\n1. soften {few} onions in butter, slowly\n2. add {leeks|fennel|carrots} and a litre of stock\n3. {twenty|thirty} minutes, then the fish\n4. dill, lemon, done\n\nEnough for six, or for {other}.",
                "Best thing I ate this week: {flatbread with za'atar|grilled sardines|miso soup with clams|beetroot soup} at {other}'s.",
                "There is {a whole tray of|half a pot of|far too much} {lasagne|soup|apple cake} left. First come, first served.",
            ],
            answers: &[
                "Saved. Thank you!",
                "{quote}How long do you leave the onions?",
                "On my way with a box.",
                "I would put more lemon.",
                "Tried it last night, the children asked for more 🎉",
                "Is it still there at {time}?",
                "You cannot post this before lunch.",
            ],
            closes: &["Until they are sweet. Half an hour, honestly.", "All gone!", "More lemon is always right."],
        },
    ],
};

pub const GARDEN: Subject = Subject {
    things: &[
        "the tomatoes",
        "the beans",
        "the sea kale",
        "the rosemary",
        "the compost",
        "the water butt",
        "the young pear tree",
    ],
    places: &["the south bed", "the greenhouse", "the wall by the slip", "the raised beds", "the orchard corner"],
    exchanges: &[
        Exchange {
            often: 4,
            opens: &[
                "Watering rota for the week:\n\n- Monday: {opener}\n- Wednesday: {other}\n- Friday: **who?**",
                "Could somebody water {place} on {day}? I am away{| until next week}.",
                "I gave {thing} a bucket each. {Who takes the evening?|The rest is for {day}.}",
                "The hose at {place} leaks. A bucket stands under it for now.",
            ],
            answers: &[
                "I take Friday.",
                "Did it this morning on the way to the boat.",
                "Only at the roots, please, the leaves burn.",
                "There is a new washer in the tin.",
                "It will rain on {day}, says {link}",
                "I can do {few} days if somebody else does the rest.",
            ],
            closes: &["Thank you, that covers it.", "You have green thumbs 🌱", "Perfect."],
        },
        Exchange {
            often: 4,
            opens: &[
                "First {strawberries|beans|tomatoes|peas} from {place}! {few} of them, but still.",
                "Something eats {thing}. {Slugs|Pigeons|A very small goat}?",
                "What is this little blue flower at {place}?",
                "Is it too early to plant {the pumpkins|basil|the late potatoes}?",
            ],
            answers: &[
                "Slugs. Copper tape helps, beer traps help more.",
                "Borage. The bees love it, leave it there.",
                "Wait another week, the nights are cold.",
                "I have {few} seedlings too many, take some.",
                "Net over it, weighted with stones.",
                "That is how it began last year, too 😅",
                "Try a row of marigolds next to {thing}.",
            ],
            closes: &["Will try, thanks!", "Borage it is 🐝", "Ha, it *was* the goat from next door."],
        },
    ],
};

pub const LOST: Subject = Subject {
    things: &[
        "a blue jacket",
        "a single glove",
        "a child's life jacket",
        "reading glasses",
        "a silver ring",
        "a bicycle pump",
        "a thermos flask",
        "a phone with a cracked corner",
        "an umbrella with ducks",
    ],
    places: &["the pontoon", "the changing room", "the minibus", "the kitchen", "berth {number}", "the upper room"],
    exchanges: &[Exchange {
        often: 5,
        opens: &[
            "**Found** {at|near} {place}: {thing}. {It hangs by the door.|It is in the box in the office.}",
            "**Lost**: {thing}, {probably|last seen} at {place} on {day}. {Reward: cake.|Please call me.|It is dear to me.}",
            "Whose is this: {thing}? At {place} since {day}.",
        ],
        answers: &[
            "Mine! I come by at {time}.",
            "Looks like {other}'s.",
            "I saw something like it at {place}.",
            "Not mine, but I lost one just like it last year.",
            "Could you post a picture?",
            "Put a note on the board as well.",
            "I carried it to the office, ask there.",
        ],
        closes: &[
            "It is back with its owner ✅",
            "Found, thank you, {other}!",
            "Still here. After {day} it goes to the charity shop.",
        ],
    }],
};
