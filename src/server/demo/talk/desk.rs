//! Talk at the desk: the newsletter and the committee.

use super::{Exchange, Subject};

pub const NEWSLETTER: Subject = Subject {
    things: &[
        "the piece on the lighthouse",
        "the crossword",
        "the portrait of {boat}",
        "the tide table",
        "the interview with {other}",
        "the back page",
    ],
    places: &["page {few}", "the front page", "the shared folder", "the archive"],
    exchanges: &[
        Exchange {
            often: 4,
            opens: &[
                "Draft of {thing} is in the shared folder: {link}. {Corrections until {day}, please.|It is {number} words too long.}",
                "Who writes about {boat} for {place}? {number} lines, until {day}.",
                "We have {few} pages and no front page yet. Ideas?",
                "Could somebody proof-read {place}? I cannot see it any more.",
            ],
            answers: &[
                "Read it. Two commas and one *its*, otherwise lovely.",
                "I can have it by {day}.",
                "The picture from {other} on the front, large. Nothing else.",
                "{quote}Cut the second paragraph, it says it all twice.",
                "Is it `harbour-master` or harbour master? We had both.",
                "I know somebody who remembers the old ferry. Shall I ask?",
                "Make it {number} lines, then the advertisement fits.",
                "“The sea gives and takes” is a tired headline 😴",
            ],
            closes: &[
                "Changed, thank you.",
                "Two words, without a hyphen. Always.",
                "Sent to the printer 🎉",
                "Good, you have it until {day}.",
            ],
        },
        Exchange {
            often: 2,
            opens: &[
                "Opening paragraph, tell me honestly:\n\n> When the fog lifted on {day}, {boat} lay where nobody had moored her. It took {few} people, a kettle and most of a morning to find out why.\n\nToo much?",
                "Contents so far:\n\n1. From the office\n2. {thing}\n3. Tides and moons\n4. Recipe: {fish soup|seaweed bread|plum tart}\n5. Lost and found\n6. **Still empty**",
            ],
            answers: &[
                "I want to read on, so: no.",
                "“Most of a morning” is good. Keep that.",
                "Number six could be the children's drawings.",
                "Who moved her, though?",
                "Swap two and three.",
            ],
            closes: &["You will have to buy it. It is free.", "Drawings it is!", "Thank you, that helps."],
        },
    ],
};

pub const COMMITTEE: Subject = Subject {
    things: &[
        "the insurance",
        "the new pontoon",
        "the fees for next year",
        "the lease",
        "the grant",
        "the waiting list for berths",
        "the fire extinguishers",
    ],
    places: &["the upper room", "the office", "the town hall", "the café"],
    exchanges: &[
        Exchange {
            often: 4,
            opens: &[
                "Agenda for {day}, {time}, {place}:\n\n1. minutes of the last meeting\n2. {thing}\n3. {few} applications for berths\n4. any other business\n\nAnything to add?",
                "The offer for {thing} came: {number},{few}00. That is {few} % above the budget. Opinions?",
                "Could we decide on {thing} before {day}? The town asks.",
                "I spoke with the insurer about {thing}. In short: **yes**, if we inspect twice a year.",
            ],
            answers: &[
                "Fine by me.",
                "I would get a second offer first.",
                "{quote}I abstain, {boat} is my cousin's.",
                "Please add the noise at the fuel dock.",
                "We said the same last year and nothing happened.",
                "In favour.",
                "Can I see the figures? {link} asks me for a password.",
                "I cannot make it on {day}. {other} has my vote.",
                "Let us not decide this in writing.",
            ],
            closes: &[
                "Carried, {few} in favour, none against.",
                "Then we talk about it on {day}.",
                "Added. See you in {place}.",
                "I ask for a second offer.",
            ],
        },
        Exchange {
            often: 2,
            opens: &[
                "Minutes of {day}: {link}. In short: {thing} postponed, {few} new members, the kettle is to be replaced.",
                "Cash in hand: {number},{number}. Outstanding: {few} berths. I have written to them, kindly.",
            ],
            answers: &[
                "Approved.",
                "One correction: I was *late*, not absent.",
                "Thank you, {opener}, as thorough as ever.",
                "Finally, the kettle.",
                "How kindly?",
            ],
            closes: &["Corrected.", "Very kindly. For now."],
        },
    ],
};
