//! Talk between two people, and between languages.

use super::{Exchange, Subject};

pub const DIRECT: Subject = Subject {
    things: &["the key", "your drill", "the book", "my jacket", "the invoice", "the photographs", "the ladder"],
    places: &["the café", "the gate", "my place", "the bus stop", "the quay", "the market"],
    exchanges: &[
        Exchange {
            often: 4,
            opens: &[
                "Are you at the harbour on {day}?",
                "Have you got a minute?",
                "Do you still have {thing}?",
                "Shall we meet at {place} at {time}?",
                "Can you {call me|ring me back} when you are free?",
                "Could you cover for me on {day}? {I am at the dentist's.|My sister visits.|The boiler again.}",
            ],
            answers: &[
                "Yes, from {time} on.",
                "Of course.",
                "Not before {day}, sorry.",
                "I left it at {place}.",
                "In ten minutes?",
                "Sure. What is it about?",
                "Rather at {place}, if that is all right.",
                "On the bus just now, will call after.",
            ],
            closes: &[
                "Perfect, see you there.",
                "Thanks, you are a star.",
                "No hurry at all.",
                "Great 🙂",
                "It can wait until {day}.",
            ],
        },
        Exchange {
            often: 3,
            opens: &[
                "How did it go{| on {day}}?",
                "Thank you for yesterday, that was kind of you.",
                "Did you read what {opener} wrote about {boat}? I mean what I wrote. Was it too much?",
                "Between us: I am not sure about the date of the open day.",
                "I have been thinking about {boat}. {Would you sell her?|She needs a new engine, does she not?}",
                "Congratulations! I just heard 🎉",
            ],
            answers: &[
                "Better than I feared.",
                "Do not mention it!",
                "It was exactly right.",
                "Me neither. Shall we say something on {day}?",
                "She needs everything. But look at her.",
                "Thank you!! I still cannot quite believe it.",
                "Long story. Over a coffee?",
                "Well… *mostly* good.",
            ],
            closes: &["Coffee it is. {place}, {time}?", "I am glad.", "We will see.", "❤️"],
        },
        Exchange {
            often: 2,
            opens: &[
                "Here is the link that I spoke of: {link}",
                "The {number} for {thing} came through, thank you.",
                "For you, before I forget:\n\n- {thing}\n- the code for the shed (I tell you in person)\n- greetings from {day}'s crew",
                "I wrote it down, have a look whether it is right:\n\n> We meet at {place} on {day} at {time}, with {few} people and the small trailer.",
            ],
            answers: &[
                "Got it.",
                "Looks right to me.",
                "{few} or {number}? I counted differently.",
                "Thank you, saved.",
                "Will read it tonight.",
            ],
            closes: &["{few}. The others come later.", "👍", "Good night!"],
        },
    ],
};

pub const LANGUAGES: Subject = Subject {
    things: &["a proverb", "a song", "a menu", "a letter", "a sign at the gate"],
    places: &["the café", "the upper room", "the library"],
    exchanges: &[
        Exchange {
            often: 5,
            opens: &[
                "How do you say “{word}” in {tongue}?",
                "Word of the day: **{translated}** ({tongue}: {word}).",
                "I heard *{translated}* on the quay. Is that {tongue} for “{word}”?",
            ],
            answers: &[
                "{translated}",
                "In {tongue}: **{translated}**.",
                "{translated}! I know that one from the ferry.",
                "And how is it pronounced?",
                "It sounds like what it is.",
                "My son has it on his exercise book: {translated}, {translated}, {translated}…",
                "In English “{word}”, in {tongue} {translated}, and at sea whatever you shout.",
            ],
            closes: &[
                "{translated}. I write it on the kitchen door.",
                "Thank you! {translated} 🙌",
                "Once more, slowly, on {day}.",
            ],
        },
        Exchange {
            often: 2,
            opens: &[
                "Conversation table on {day} at {time}, {place}. {This time: {tongue}.|All languages, all levels.}",
                "Could somebody help me with {thing} in {tongue}?",
                "γειά · مرحبا · שלום · こんにちは · привіт · hello 👋",
            ],
            answers: &[
                "I come!",
                "مرحبا 👋",
                "Γεια σου!",
                "שלום לכולם",
                "こんにちは！",
                "Привіт!",
                "Send me a picture of it.",
                "Beginners too?",
            ],
            closes: &["Beginners above all.", "Thank you, now I understand it."],
        },
    ],
};
