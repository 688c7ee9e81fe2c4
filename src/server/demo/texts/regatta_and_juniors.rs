//! Texts of the rooms about the regatta and about teaching juniors.

use super::{Subject, group};

pub const REGATTA: Subject = Subject {
    things: &[
        "the start list",
        "the safety boat",
        "the scoring",
        "the prize table",
        "the loudspeaker",
        "the signal flags",
    ],
    places: &["the start line", "mark {few}", "the committee boat", "the slip"],
    exchanges: &[
        group(
            &[
                "{many} boats have entered so far, {few} of them for the first time 🎉",
                "Entries close on {day}: {link}",
            ],
            &[
                "Entered at last. Sail number {number}.",
                "{boat} enters, too. Do not laugh.",
                "Is there a class for very old boats?",
                "{few} more from the neighbours, I hear.",
                "What a field!",
            ],
            &["Noted, {last}.", "There is now."],
        ),
        group(
            &[
                "Who looks after {thing} on {day}?",
                "We still need {few} people for {thing}. {An easy job, with a view.|Sandwiches included.}",
            ],
            &[
                "I do, as long as somebody else does the radio.",
                "Put me down, please.",
                "With those sandwiches? Of course.",
                "I have {few} volunteers from the kitchen.",
                "{other} did it well last year.",
            ],
            &["Then we have everybody. Thank you!", "It is in the list: {link}", "Thank you, {last}!"],
        ),
        group(
            &[
                "Course for the {first|second|last} race: start, mark {few}, the lighthouse to port, home. {Is that too long for the small ones?|Objections until {day}.}",
            ],
            &[
                "The small ones could turn at mark {few}.",
                "With a north wind that is a parade, not a race.",
                "Do the juniors start first or last?",
                "I like it.",
                "Not past the lighthouse on the ebb, please.",
            ],
            &["Juniors first, {time} sharp.", "Shortened by one leg.", "Good point, {last}. Changed."],
        ),
        group(
            &[
                "Training race, result:\n\n1. {boat}\n2. *Sandpiper*\n3. *Mister Puddle*\n\nProtest of {other} heard and dismissed, with cake.",
            ],
            &[
                "We were robbed.",
                "Congratulations! 🏆",
                "Next time without seaweed on the rudder.",
                "What cake?",
                "Third! Third!",
            ],
            &["The seaweed has entered as well.", "Plum."],
        ),
        group(
            &[
                "Rule question: may one touch {mark {few}|the committee boat} and do a turn afterwards, or is that the end?",
            ],
            &[
                "One turn, at once, clear of the others.",
                "You may touch it. You may not hug it.",
                "Rule {number}, I believe: {link}",
                "I ask for a friend, too.",
            ],
            &["Thank you, that is clear.", "My friend says thank you."],
        ),
        group(
            &["Wind on the day? {I bet on {few}.|The almanac says west.|Place your bets.}"],
            &[
                "{few}, from the west.",
                "Nothing at all until {time}, then far too much.",
                "North. It is always north when I have made sandwiches.",
                "I bet a bottle on south.",
            ],
            &["Written down. The loser washes up."],
        ),
        group(
            &["T-shirts: who wants which size? {|The blue is bluer than in the picture.}"],
            &[
                "M, please. No, L. There will be cake.",
                "S for me, XL for {other}.",
                "Two of M.",
                "Is there a children's size?",
            ],
            &["Noted. {many} shirts in all.", "There is, {last}."],
        ),
    ],
};

pub const JUNIORS: Subject = Subject {
    things: &["the dinghies", "the wetsuits", "the whistles", "the knot boards"],
    places: &["the beach", "the slip", "the classroom", "the swimming pool"],
    exchanges: &[
        group(
            &["{many} children on {day}, {few} of them beginners. Who can be on the water with me?"],
            &[
                "I can, from {time}.",
                "Could someone take the beginners? I have the racing group.",
                "I bring the radio and the dry clothes.",
                "Only if the wind stays below {few}.",
                "Two have colds, so two fewer.",
            ],
            &["Then we are {few} adults. Good.", "Thank you, {last}!"],
        ),
        group(
            &[
                "Plan for {day}: {knots and capsizing|tacking between two buoys|rowing, if there is no wind}. Meet at {place} at {time}.",
            ],
            &[
                "Who brings {thing}?",
                "They will love it.",
                "And if it rains?",
                "I am ten minutes late, begin without me.",
            ],
            &["I bring them.", "If it rains, they get wet sooner.", "See you at {place}."],
        ),
        group(
            &[
                "{few} wetsuits in size {128|140|152} are missing. Please look in your cars.",
                "One of the parents asks about {thing}: included or not? What do we say?",
            ],
            &[
                "Found two in my boot. Sorry!",
                "It is all in the fee, I think.",
                "Ask {other}, they keep the list.",
                "I look at home.",
            ],
            &["Thank you, {last}!", "Good, then we say so."],
        ),
        group(
            &[
                "The little one who would not go near the water? She capsized **on purpose** today 😄",
                "{few} of them tied a bowline behind their backs today.",
            ],
            &[
                "Brilliant news!",
                "That is why we do this.",
                "I cannot do that myself.",
                "Her parents will be thrilled. Or not.",
            ],
            &["❤️", "Next week they teach us."],
        ),
    ],
};
