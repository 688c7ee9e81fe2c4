//! Texts of the rooms about boats and about repairs.

use super::{Subject, group};

pub const BOATS: Subject = Subject {
    things: &[
        "the port winch",
        "the spare rudder",
        "the long mooring line",
        "the tender",
        "the storm jib",
        "the long boathook",
    ],
    places: &[
        "berth {number}",
        "the visitors' pontoon",
        "the fuel dock",
        "buoy {few}",
        "the drying grid",
        "the west quay",
    ],
    exchanges: &[
        group(
            &[
                "Is {boat} free on {day}{| afternoon| from {time}}?",
                "I would like to take {boat} out on {day}, back by {time}. {Anyone against it?|Is she free?}",
            ],
            &[
                "She is mine until noon, yours after that.",
                "Only if you fill the tank afterwards 😉",
                "{other} has her booked, see {link}",
                "Check {thing} before you go, it sticks.",
                "Free, as far as I know.",
                "Not on {day}, she is on the grid.",
                "{quote}Yes, and please write it into the book.",
            ],
            &["Booked. Thank you!", "I write it into the book.", "Then another day. Thanks, {last}.", "Thank you!"],
        ),
        group(
            &[
                "{boat} and {few} people on {day}: one place left.",
                "Crew wanted for {boat}, {day}, {time}. No experience needed, only dry socks.",
            ],
            &[
                "I am in!",
                "Can a twelve-year-old come along?",
                "Me, if it does not blow.",
                "Take the second set of life jackets, the first is being dried.",
                "What do you call dry?",
                "Next time!",
            ],
            &["Crew is complete 🎉", "Then see you at {place} at {time}.", "With pleasure, {last}."],
        ),
        group(
            &[
                "{boat} moved to {place}{| because of the swell}. Lines doubled, fenders out.",
                "{boat} {lay|was} badly at {place}: {the bow line was chafed|a fender had gone}. I {doubled|changed} it.",
            ],
            &[
                "Thanks for looking after her.",
                "{Bravo.|Well seen!}",
                "I have a spare line, take it.",
                "I look in on her tonight.",
                "It always chafes there. We need a bigger cleat.",
            ],
            &["All is well again.", "She lies quietly now."],
        ),
        group(
            &[
                "Somebody has taken {thing} from {boat}. Please bring it back, no questions asked.",
                "{boat} misses {thing}. Any idea?",
            ],
            &[
                "I have it, for {other}. Will be back tonight.",
                "There is one like it at {place}.",
                "Look under the tarpaulin.",
                "No questions? Then it was me.",
                "Gone for a sail with {other}, I suspect.",
            ],
            &["It is back. Thank you 🙏", "Found at {place}."],
        ),
        group(
            &[
                "The bilge of {boat} had {few} buckets of water in it this morning. {That is too many.|Rain, or the sea?}",
                "{boat} takes water, {few} litres an hour.",
            ],
            &[
                "The stern gland, I bet.",
                "Taste it 😄",
                "Pumped again just now: half a bucket. Not so bad.",
                "I look at it on {day}.",
                "It rained a lot, to be fair.",
                "Is the cockpit drain clear?",
            ],
            &["Salt. So it is the gland.", "The drain was full of leaves. Thank you, {last}!", "Sweet. Rain. Phew."],
        ),
        group(
            &[
                "{boat} goes into the water on {day} at high tide. {many} hands and one brain wanted.",
                "We haul {boat} out on {day}, {time}. Who pulls?",
            ],
            &[
                "I can be there with the trolley.",
                "Two hands here.",
                "I bring the brain. It is {other}'s.",
                "Is the cradle mended?",
                "My back says no, my heart says tea for everyone.",
            ],
            &["Thank you, everybody: it is done.", "See you there, {last}.", "The cradle is as good as new."],
        ),
        group(
            &[
                "Visitors at {place} need the code for the showers. Is it still the same?",
                "A {Danish|Dutch|Breton} yacht at {place} stays until {day}, paid.",
            ],
            &[
                "Ask in the office, please not here.",
                "It changed last week.",
                "They are {lovely|very quiet} people.",
                "Please **do not** let them tie up to the ladder.",
            ],
            &["Done, thanks.", "Told them."],
        ),
        group(
            &[
                "Log of {boat}: {few} aboard, wind {south-west|north|variable} {few}, two tacks to the lighthouse and home under engine. Nothing broken.",
                "Log of {boat}:\n\n- fuel: {number} %\n- {thing}: worn, still good\n- seen: porpoises, {few} of them\n- forgotten ashore: lunch",
            ],
            &[
                "Thank you for writing it down so well.",
                "Which way did the tide set off the point?",
                "That sounds like a good day.",
                "I fuel her up tomorrow.",
                "You had *lunch ashore*, admit it.",
            ],
            &["Two knots, against us, naturally.", "It was!"],
        ),
    ],
};

pub const REPAIRS: Subject = Subject {
    things: &[
        "the outboard",
        "the bilge pump",
        "the left trailer wheel",
        "the shore power box",
        "the sander",
        "the boathouse heater",
        "the lock of the gate",
        "the crane's remote",
    ],
    places: &["the workshop", "the red box", "the shed", "the tall cupboard"],
    exchanges: &[
        group(
            &[
                "{thing} {is broken|does not work|makes a grinding noise}{| again}. {Who can have a look?|I put a note on it.}",
                "Has anyone experience with {thing}? {It gets hot after {few} minutes.|It stops as soon as it is needed.}",
            ],
            &[
                "Have you tried the fuse? `F{few}`, behind the cover.",
                "Sounds like the bearing.",
                "I had the same. Clean the contacts, a bit of grease, done.",
                "Spare parts are in {place}.",
                "I can come on {day} at {time} with a meter.",
                "**Do not** use it until somebody has looked!",
                "{quote}When did it last work?",
                "The part costs {number}, here: {link}",
            ],
            &[
                "It was the fuse. Thank you!",
                "It runs ✅",
                "New bearing ordered, comes on {day}.",
                "Mended, with help from {last}.",
            ],
        ),
        group(
            &[
                "I took {thing} apart. There are {few} screws left over. Is that good?",
                "{thing} is together again. {Almost.|I have {few} washers left.}",
            ],
            &[
                "{few} left is a personal best for you.",
                "It is lighter now.",
                "Keep them in a jar and never speak of it.",
                "Does it work, though?",
                "Page {number} of the manual: {link}",
            ],
            &["It works. I am as surprised as you are.", "Next time I write down which goes where.", "I start again."],
        ),
        group(
            &[
                "Who borrowed {thing}? It should be in {place}.",
                "{thing} is not in {place}. {Who has it?|Please put it back.}",
            ],
            &[
                "It is here, I was about to bring it back 🙈",
                "{other} had it on {day}.",
                "There is a book for that. Nobody has ever seen the book.",
                "Look beside {boat}.",
            ],
            &["Thank you, {last}!", "Found. Next to the book, by the way."],
        ),
        group(
            &[
                "To do on {day}:\n\n1. {thing}\n2. sand and oil the oars\n3. new rope for {boat}\n4. coffee\n\nIn this order, please.",
            ],
            &[
                "I take the oars.",
                "Coffee first, surely.",
                "I have {few} metres of good rope left over.",
                "I can lend a hand until {time}.",
                "Three and four can be done at once.",
            ],
            &["All done but the coffee.", "Thank you, all of you!", "Fine, coffee first."],
        ),
        group(
            &["The workshop is open on {day} from {time}. {I show how to splice.|Bring your broken things.}"],
            &[
                "Can I bring a toaster?",
                "Is that for beginners, too?",
                "At last somebody who can splice.",
                "I bring {few} lamps and a chair.",
            ],
            &["Toasters are welcome.", "Beginners above all.", "See you there!"],
        ),
        group(
            &[
                "Painted the hull of {boat}. Do not lean on it before {day}.",
                "{boat} has a new {blue|white|green} stripe. It is still wet.",
            ],
            &[
                "Too late. My jacket is {striped|painted} now.",
                "How many coats?",
                "She looks ten years younger.",
                "Next year the other side? 😄",
            ],
            &["Two coats and a prayer.", "Thank you, {last}!"],
        ),
        group(
            &[
                "For the display of the tide gauge I now use this:\n\n```sh\n#!/bin/sh\n# every {many} minutes\ncurl -s {link} > /tmp/tide.txt\ndisplay --line {few} \"$(head -n 1 /tmp/tide.txt)\"\n```\n\nIs there a better way?",
            ],
            &[
                "Works. I would add `--fail`, so that it does not show an error page as the tide.",
                "Nice! Where does it run?",
                "Often enough, the sea is slow.",
            ],
            &["Good point, added.", "On the little computer in {place}."],
        ),
    ],
};
