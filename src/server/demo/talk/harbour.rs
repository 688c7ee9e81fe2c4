//! Talk on the water: boats, tides, repairs.

use super::{Exchange, Subject};

pub const BOATS: Subject = Subject {
    things: &[
        "the port winch",
        "the spare rudder",
        "the mooring line",
        "the tender",
        "the mainsail",
        "the fenders",
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
        Exchange {
            often: 5,
            opens: &[
                "Is {boat} free on {day}{| afternoon| from {time}}?",
                "I would like to take {boat} out on {day}, back by {time}. {Anyone against it?|Who comes along?}",
                "{boat} and {few} people on {day}: one place left.",
                "Crew wanted for {boat}, {day}, {time}. No experience needed, only dry socks.",
            ],
            answers: &[
                "She is mine until noon, yours after that.",
                "I am in!",
                "Only if you fill the tank afterwards 😉",
                "{other} has her booked, see {link}",
                "Check {thing} before you go, it sticks.",
                "Take the second set of life jackets, the first is being dried.",
                "Not on {day}, she is on the grid.",
                "Can a twelve-year-old come along?",
                "{quote}Yes, and please write it into the book.",
            ],
            closes: &[
                "Booked. Thank you!",
                "Then see you at {place} at {time}.",
                "Crew is complete 🎉",
                "I write it into the book.",
            ],
        },
        Exchange {
            often: 4,
            opens: &[
                "{boat} moved to {place}{| because of the swell}. Lines doubled, fenders out.",
                "Somebody has taken {thing} from {boat}. Please bring it back, no questions asked.",
                "The bilge of {boat} had {few} buckets of water in it this morning. That is {number} litres too many.",
                "Visitors at {place} need the code for the showers. Is it still the same?",
                "{boat} goes into the water on {day} at high tide. {many} hands and one brain wanted.",
            ],
            answers: &[
                "Thanks for looking after her.",
                "I have it, for {other}. Will be back tonight.",
                "The stern gland, I bet. I look at it on {day}.",
                "Rain, or the sea? Taste it 😄",
                "It changed last week. Ask in the office, not here.",
                "I can be there with the trolley.",
                "Pumped again at {time}: half a bucket. Not so bad.",
                "Please **do not** tie up to the ladder.",
            ],
            closes: &["Salt. So it is the gland.", "All is well again.", "Thank you, everybody: she floats."],
        },
        Exchange {
            often: 2,
            opens: &[
                "Log of {boat}: out {time}, {few} aboard, wind {south-west|north|variable} {few}, two tacks to the lighthouse and home under engine. Nothing broken.",
                "Log of {boat}, {day}:\n\n- fuel: {number} %\n- {thing}: worn, still good\n- seen: porpoises, {few} of them\n- forgotten ashore: lunch",
            ],
            answers: &[
                "Porpoises!",
                "Nothing broken: that is news.",
                "I put a new one into {thing} tomorrow.",
                "Thank you for writing it down so well.",
                "Which way did the tide set off the point?",
            ],
            closes: &["Two knots, against us, naturally."],
        },
    ],
};

pub const TIDES: Subject = Subject {
    things: &["the tide table", "the barometer", "the wind vane", "the gauge", "the webcam"],
    places: &["the bar", "the point", "the inner basin", "the sill", "the narrows"],
    exchanges: &[
        Exchange {
            often: 5,
            opens: &[
                "High water {day} {time}, {few}.{few} m. {The sill is open for two hours.|Mind {place}.}",
                "Forecast for {day}: {south-west|west|north-east|southerly} {few}, {showers|dry|fog at first}, {gusts of {many} knots|light and fickle later}.",
                "Spring tide on {day}: please lengthen your lines{| and look after {boat}, her owner is away}.",
                "The {harbour|coastal} warning holds until {day}, {time}: {link}",
            ],
            answers: &[
                "Thanks, then we leave an hour earlier.",
                "At {place} it felt like more than that.",
                "{boat} is doubled up.",
                "My barometer dropped by {few} since the morning.",
                "{quote}Is that by the old gauge or by the new one?",
                "So no race on {day}, then.",
                "Fog here already, cannot see the end of the pontoon.",
                "The other model says half of it: {link}",
            ],
            closes: &[
                "By the new one. The old one is {few} cm off.",
                "It eased. Good night.",
                "I post again at {time}.",
            ],
        },
        Exchange {
            often: 3,
            opens: &[
                "{thing} shows nonsense since {time}. {Has a gull sat on it?|I look after it on {day}.}",
                "Can one pass {place} two hours before low water, with {few} feet of draught?",
                "For those who like numbers, from {thing}:\n\n```\nday   high   low   wind\nMon   {few}.1    0.{few}   {number} kn\nTue   {few}.3    0.4   {number} kn\nWed   {few}.2    0.5   {number} kn\n```",
            ],
            answers: &[
                "With {boat} I did, once. I would not again.",
                "Keep close to the green buoy and you are fine.",
                "A gull. Always a gull.",
                "Lovely table. Could it go to the newsletter?",
                "`restart-gauge` in the office, then wait for five minutes.",
                "Better wait. There is a new bank since the winter.",
            ],
            closes: &["Restarted, it is right again.", "We wait, then.", "Of course, take it."],
        },
    ],
};

pub const REPAIRS: Subject = Subject {
    things: &[
        "the outboard",
        "the bilge pump",
        "the trailer's left wheel",
        "the shore power box",
        "the sander",
        "the heater in the boathouse",
        "the gate's lock",
        "the crane's remote",
    ],
    places: &["the workshop", "the second shelf", "the red box", "berth {number}", "the shed"],
    exchanges: &[
        Exchange {
            often: 5,
            opens: &[
                "{thing} {is broken|does not start|leaks|makes a grinding noise}{| again}. {Who can have a look?|I switched it off and put a note on it.}",
                "Has anyone experience with {thing}? {It gets hot after {few} minutes.|It stops as soon as it is needed.}",
                "I took {thing} apart. There are {few} screws left over. Is that good?",
                "Who borrowed {thing}? It should be in {place}.",
            ],
            answers: &[
                "Have you tried the fuse? `F{few}`, behind the cover.",
                "Sounds like the bearing.",
                "I had the same. Clean the contacts, a bit of grease, done.",
                "Spare parts are in {place}.",
                "I can come on {day} at {time} with a meter.",
                "**Do not** run it dry!",
                "{quote}When did it last work?",
                "{few} screws left is a personal best for you.",
                "The part costs {number}, here: {link}",
                "It is here, I was about to bring it back 🙈",
            ],
            closes: &[
                "It was the fuse. Thank you!",
                "It runs ✅ {|Next time I write down which screw goes where.}",
                "New bearing ordered, comes on {day}.",
                "Mended, with help from {other}.",
            ],
        },
        Exchange {
            often: 3,
            opens: &[
                "To do on {day}:\n\n1. {thing}\n2. sand and oil the oars\n3. new rope for {boat}\n4. coffee\n\nIn this order, please.",
                "The workshop is open on {day} from {time}. {I show how to splice.|Bring your broken things.}",
                "Painted the hull of {boat}. Do not lean on it before {day}.",
            ],
            answers: &[
                "I take the oars.",
                "Coffee first, surely.",
                "Too late. My jacket is blue now.",
                "Can I bring a toaster?",
                "I have {few} metres of good rope left over.",
                "How many coats?",
                "I can lend a hand until {time}.",
            ],
            closes: &["Two coats and a prayer.", "All done but the coffee.", "Toasters are welcome."],
        },
        Exchange {
            often: 1,
            opens: &[
                "For the display of the tide gauge I now use this:\n\n```sh\n#!/bin/sh\n# every ten minutes\ncurl -s {link} > /tmp/tide.txt\ndisplay --line 1 \"$(head -n 1 /tmp/tide.txt)\"\n```\n\nIs there a better way?",
            ],
            answers: &[
                "Works. I would add `--fail`, so that it does not show an error page as the tide.",
                "Nice! Where does it run?",
                "Ten minutes is plenty, the sea is slow.",
            ],
            closes: &["Good point, added.", "On the little computer in {place}."],
        },
    ],
};
