//! Talk about sailing against each other, and about teaching it.

use super::{Exchange, Subject};

pub const REGATTA: Subject = Subject {
    things: &[
        "the start list",
        "the course",
        "the safety boat",
        "the scoring",
        "the prize table",
        "the loudspeaker",
        "the marks",
    ],
    places: &["the start line", "mark {few}", "the committee boat", "the slip", "the marquee"],
    exchanges: &[
        Exchange {
            often: 4,
            opens: &[
                "{many} boats have entered so far, {few} of them for the first time 🎉",
                "We still need {few} people for {thing}. {An easy job, with a view.|Sandwiches included.}",
                "Course for the first race: start, mark {few}, the lighthouse to port, home. {Is that too long for the small ones?|Objections until {day}.}",
                "Who looks after {thing} on {day}?",
            ],
            answers: &[
                "I do, as long as somebody else does the radio.",
                "The small ones could turn at mark {few}.",
                "{boat} enters, too. Do not laugh.",
                "Do the juniors start first or last?",
                "Put me on the safety boat again, please.",
                "Entered at last. Sail number {number}.",
                "With a north wind that is a parade, not a race.",
                "{quote}I have {few} volunteers from the kitchen.",
            ],
            closes: &[
                "Good. It is in the list: {link}",
                "Juniors first, {time} sharp.",
                "Then we have everybody. Thank you!",
                "Shortened by one leg.",
            ],
        },
        Exchange {
            often: 3,
            opens: &[
                "Training race, result:\n\n1. {boat}\n2. *Sandpiper*\n3. *Mister Puddle*\n\nProtest of {other} heard and dismissed, with cake.",
                "Rule question: may one touch {place} and do a turn afterwards, or is that the end?",
                "Wind on the day? {I bet on {few}.|The almanac says west.|Place your bets.}",
                "T-shirts: who wants which size? {|The blue is bluer than in the picture.}",
            ],
            answers: &[
                "One turn, at once, clear of the others.",
                "M, please. No, L. There will be cake.",
                "We were robbed.",
                "Congratulations! 🏆",
                "Nothing at all until {time}, then far too much.",
                "S for me, XL for {other}.",
                "Next time without seaweed on the rudder.",
            ],
            closes: &[
                "Noted. {number} shirts in all.",
                "The seaweed has entered as well.",
                "Thank you, that is clear.",
            ],
        },
    ],
};

pub const JUNIORS: Subject = Subject {
    things: &["the dinghies", "the wetsuits", "the whistles", "the knot boards", "the attendance list", "the pizza"],
    places: &["the beach", "the slip", "the classroom", "the swimming pool"],
    exchanges: &[Exchange {
        often: 4,
        opens: &[
            "{many} children on {day}, {few} of them beginners. Who can be on the water with me?",
            "Plan for {day}: {knots and capsizing|tacking between two buoys|rowing, if there is no wind}, then {thing}. Meet at {place} at {time}.",
            "One of the parents asks about {thing}: included or not? What do we say?",
            "{few} wetsuits in size 128 are missing. Please look in your cars.",
        ],
        answers: &[
            "I can, from {time}.",
            "Found two in my boot. Sorry!",
            "Yes, it is all in the fee.",
            "The little one who would not go in the water last time? She capsized **on purpose** today 😄",
            "I bring the radio and the dry clothes.",
            "Only if the wind stays below {few}.",
            "Could someone take the beginners? I have the racing group.",
            "Two have colds, so {few} fewer.",
        ],
        closes: &["Then we are {few} adults. Good.", "Brilliant news!", "See you at {place}."],
    }],
};
