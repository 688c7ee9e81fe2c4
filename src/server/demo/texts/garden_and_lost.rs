//! Texts of the rooms about the garden, and about lost and found things.

use super::{Subject, group};

pub const GARDEN: Subject = Subject {
    things: &[
        "the tomatoes",
        "the beans",
        "the sea kale",
        "the courgettes",
        "the strawberries",
        "the young pear trees",
    ],
    places: &["the south bed", "the greenhouse", "the wall by the slip", "the raised beds", "the orchard corner"],
    exchanges: &[
        group(
            &[
                "Watering rota:\n\n- Monday: {opener}\n- Wednesday: {other}\n- Friday: **who?**",
                "Could somebody water {place} on {day}? I am away{| until the weekend}.",
            ],
            &[
                "I {take it|can do that}.",
                "Did it this morning on the way to the boat.",
                "Only at the roots, please, the leaves burn.",
                "It will rain on {day}, says {link}",
                "I can do {few} days if somebody else does the rest.",
            ],
            &["Thank you, that covers it.", "You have green thumbs, {last} 🌱", "Perfect."],
        ),
        group(
            &["First harvest from {place}! {few} of {thing}, but still.", "{thing} from {place}: {few} kilos today 🎉"],
            &[
                "Beautiful.",
                "To the kitchen with them!",
                "Ours are still green.",
                "That was worth the wait.",
                "One for each member. Almost.",
            ],
            &["They are in the basket by the door.", "With salt and nothing else.", "The kitchen has them."],
        ),
        group(
            &["Something eats {thing}. {Slugs|Pigeons|A very small goat}?", "Holes in {thing} again, at {place}."],
            &[
                "Slugs. Copper tape helps, beer traps help more.",
                "A net over it, weighted with stones.",
                "That is how it began last year, too 😅",
                "Try a row of marigolds next to them.",
                "I sit there with a torch at night. {few} so far.",
            ],
            &["Will try, thanks!", "Ha, it *was* the goat from next door.", "The net is on."],
        ),
        group(
            &["What is this little {blue|yellow} flower at {place}?", "Is this a weed or a plan, at {place}?"],
            &[
                "Borage. The bees love it, leave it there.",
                "I sowed that! I think.",
                "Everything is a plan until {other} comes with the hoe.",
                "Ask the book in the shed, page {number}.",
                "It grows on the quay as well.",
            ],
            &["Then it stays 🐝", "Thank you, {last}.", "Too late. Sorry."],
        ),
        group(
            &[
                "Is it too early to plant {the pumpkins|basil|the late potatoes}?",
                "When do you put {the pumpkins|basil|the leeks} out?",
            ],
            &[
                "Wait another week, the nights are cold.",
                "I did it on {day}. With my fingers crossed.",
                "I have {few} seedlings too many, take some.",
                "Under glass, at once. Outside, not yet.",
            ],
            &["I wait, then.", "I take {few}, thank you!"],
        ),
        group(
            &[
                "The {hose|tap|water butt} at {place} leaks. A bucket stands under it for now.",
                "The {fork|rake|wheelbarrow} is broken. {It was old.|It was me.}",
            ],
            &[
                "There is a new washer in the tin.",
                "I mend it on {day}.",
                "Ask in the repairs room.",
                "Put it by the workshop with a note on.",
            ],
            &["Thank you, {last}!", "Mended ✅"],
        ),
    ],
};

pub const LOST: Subject = Subject {
    things: &[
        "a blue jacket",
        "a single glove",
        "a child's life jacket",
        "a pair of reading glasses",
        "a silver ring",
        "a bicycle pump",
        "a thermos flask",
        "a phone with a cracked corner",
        "an umbrella with ducks",
    ],
    places: &[
        "the pontoon",
        "the changing room",
        "the minibus",
        "the kitchen door",
        "berth {number}",
        "the upper room",
    ],
    exchanges: &[
        group(
            &[
                "**Found** at {place}: {thing}. {It hangs by the door.|It is in the box in the office.}",
                "Whose is this: {thing}? At {place} since {day}.",
            ],
            &[
                "Mine! I come by at {time}.",
                "Looks like {other}'s.",
                "Not mine, but I lost one just like it last year.",
                "Could you post a picture?",
                "Put a note on the board as well.",
            ],
            &[
                "It is back with its owner ✅",
                "Still here. After {day} it goes to the charity shop.",
                "Picture: {link}",
            ],
        ),
        group(
            &[
                "**Lost**: {thing}, {probably|last seen} at {place} on {day}. {Reward: cake.|Please call me.|It is dear to me.}",
                "Has anyone found {thing}? I had it at {place}.",
            ],
            &[
                "I saw something like it at {place}.",
                "Somebody carried it to the office, ask there.",
                "I keep my eyes open.",
                "Have you looked in the minibus?",
                "Oh no. I look when I am there on {day}.",
            ],
            &["Found, thank you, {last}!", "It was in my bag. I am so sorry.", "Still missing 😕"],
        ),
    ],
};
